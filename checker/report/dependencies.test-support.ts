/** A dependency matrix written by hand. */
import type { Dependencies } from '../explore/index.ts';

/** Two actions of which one was not learned, and three variables. */
export const dependencies: Dependencies = {
  variables: { 'inside.*': ['inside.p1', 'inside.p2'], sent: ['sent'], 'the "lock"': ['the "lock"'] },
  actions: [
    { action: 'enter', learned: true, reads: ['inside.p1', 'the "lock"'], writes: ['inside.p1', 'sent'] },
    { action: 'leave', learned: true, reads: ['sent'], writes: ['the "lock"'] },
    { action: 'guess', learned: false, reads: [], writes: [] },
  ],
  influences: [
    { from: 'enter', to: 'enter', through: ['inside.*'] },
    { from: 'enter', to: 'leave', through: ['sent'] },
    { from: 'leave', to: 'enter', through: ['the "lock"'] },
  ],
};
