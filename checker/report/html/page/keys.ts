/** The keys of the page. */
import { useEffect, useRef } from 'preact/hooks';

/**
 * Listens for keys, named as `KeyboardEvent.key` names them. Keys that are typed into a field are its own, but for
 * Escape, which leaves it; so are the arrows of the slider and of the tabs.
 */
export function useKeys(actions: Readonly<Record<string, () => void>>): void {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      const { target, key } = event;
      if (document.querySelector('dialog[open]') !== null) return;
      if (key === 'Escape' && target instanceof HTMLElement) target.blur();
      if (target instanceof HTMLElement && keepsForItself(target, key)) return;
      const action = Object.hasOwn(latest.current, key) ? latest.current[key] : undefined;
      if (action === undefined) return;
      event.preventDefault();
      action();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}

/** Whether an element does something of its own with a key. */
function keepsForItself(element: HTMLElement, key: string): boolean {
  if (element instanceof HTMLInputElement) {
    if (element.type === 'range') return false;
    return element.type !== 'checkbox' || key === ' ';
  }
  const movesFocus = element.closest('[role=tablist], .state-tree') !== null;
  return movesFocus && key.startsWith('Arrow');
}
