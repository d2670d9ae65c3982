/** Light or dark: as the system says, until the reader says otherwise. */
import { useLayoutEffect, useState } from 'preact/hooks';

export type Theme = 'system' | 'light' | 'dark';

const order: readonly Theme[] = ['system', 'light', 'dark'];
const key = 'bivalent-theme';

/** The theme, and what goes on to the next one. The choice is remembered where the browser allows it. */
export function useTheme(): readonly [Theme, () => void] {
  const [theme, setTheme] = useState<Theme>(remembered);
  useLayoutEffect(() => {
    const { dataset } = document.documentElement;
    if (theme === 'system') delete dataset['theme'];
    else dataset['theme'] = theme;
    try {
      localStorage.setItem(key, theme);
    } catch {
      // A page on disk may not be allowed to remember anything.
    }
  }, [theme]);
  return [theme, () => setTheme((now) => order[(order.indexOf(now) + 1) % order.length]!)];
}

function remembered(): Theme {
  try {
    return order.find((theme) => theme === localStorage.getItem(key)) ?? 'system';
  } catch {
    return 'system';
  }
}
