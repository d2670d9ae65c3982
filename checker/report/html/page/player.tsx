/** Time travel: the slider, and buttons for those who would rather press. */
import type { Behaviour } from '../../report.ts';
import { Icon } from './icon.tsx';

interface PlayerProps {
  readonly behaviour: Behaviour;
  readonly selected: number;
  readonly onSelect: (state: number) => void;
  readonly onMove: (by: number) => void;
}

export function Player({ behaviour: { steps, loopsTo }, selected, onSelect, onMove }: PlayerProps) {
  const last = steps.length - 1;
  return (
    <section class="player" aria-label="Time travel">
      <button type="button" onClick={() => onSelect(0)} disabled={selected === 0} aria-label="First state" title="Home">
        <Icon name="first" />
      </button>
      <button type="button" onClick={() => onMove(-1)} disabled={selected === 0} aria-label="State before" title="←">
        <Icon name="back" />
      </button>
      <input
        type="range"
        min={0}
        max={last}
        value={selected}
        disabled={last === 0}
        aria-label="State"
        aria-valuetext={`state ${selected}, after ${steps[selected]?.name ?? ''}`}
        onInput={({ currentTarget }) => onSelect(Number(currentTarget.value))}
      />
      <button
        type="button"
        onClick={() => onMove(1)}
        disabled={selected === last && loopsTo === undefined}
        aria-label="State after"
        title="→"
      >
        <Icon name="on" />
      </button>
      <button
        type="button"
        onClick={() => onSelect(last)}
        disabled={selected === last}
        aria-label="Last state"
        title="End"
      >
        <Icon name="last" />
      </button>
      <output>
        state {selected} of {last}
      </output>
    </section>
  );
}
