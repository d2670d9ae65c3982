/** The keys, and how the page is read. */
import { useEffect, useRef } from 'preact/hooks';

const keys: readonly (readonly [keys: string, what: string])[] = [
  ['→ ↓  /  ← ↑', 'the next state / the one before'],
  ['Page Down / Page Up', 'ten states on / back'],
  ['Home / End', 'the first / the last state'],
  ['/', 'search; Enter goes to the next step that is found, Shift Enter to the one before'],
  ['n / N', 'the next step that is found / the one before'],
  ['w', 'what if: the steps that are enabled in this state'],
  ['u / b', 'undo the last step of your own / back to the counterexample'],
  ['t', 'light, dark, or as the system says'],
  ['?', 'this help'],
];

export function Help({ onClose }: { readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title" onClose={onClose}>
      <h2 id="help-title">Keys</h2>
      <dl>
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <h2>The diagram</h2>
      <p>
        Time goes down, one step a row; each node has a line. An arrow is a message, from the step that sent it to the
        step in which it arrived; one that ends in a cross was lost, one that stops short is still on its way when the
        behaviour ends. A dashed line is a node that has crashed, a dotted one a node that is paused, a hatched band a
        partition.
      </p>
      <p>
        The address of this page names what you see: send it to a colleague who has the same file, and they see the same
        state.
      </p>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  );
}
