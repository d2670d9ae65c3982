/** Pictures on buttons, drawn here: fonts do not all have such characters. */

const paths = {
  first: 'M3 2v12M14 2L5 8l9 6z',
  back: 'M12 2L3 8l9 6z',
  on: 'M4 2l9 6-9 6z',
  last: 'M13 2v12M2 2l9 6-9 6z',
} as const;

export function Icon({ name }: { readonly name: keyof typeof paths }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
