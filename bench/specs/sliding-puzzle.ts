/**
 * The sliding puzzle: a board of numbered tiles with one hole, into which a neighbour of the hole may slide.
 *
 * It is here because learning cannot help it: every move reads the whole board, and no two boards are the same.
 */
import { defineSpec, when } from 'bivalent';

type Direction = 'up' | 'down' | 'left' | 'right';

const steps: Readonly<Record<Direction, readonly [row: number, column: number]>> = {
  up: [1, 0],
  down: [-1, 0],
  left: [0, 1],
  right: [0, -1],
};
const directions = Object.keys(steps) as Direction[];

export default defineSpec({
  name: 'SlidingPuzzle',
  constants: { rows: 2, columns: 3 },
  init: ({ rows, columns }) => ({ board: Array.from({ length: rows * columns }, (_, tile) => tile) }),

  actions: {
    /** A tile slides into the hole, which is tile 0. */
    slide(s, { rows, columns, pick }) {
      const { direction } = pick({ direction: directions });
      const board = [...s.board];
      const hole = board.indexOf(0);
      const [down, right] = steps[direction];
      const row = Math.floor(hole / columns) + down;
      const column = (hole % columns) + right;
      when(row >= 0 && row < rows && column >= 0 && column < columns);
      const from = row * columns + column;
      board[hole] = board[from]!;
      board[from] = 0;
      s.board = board;
    },
  },

  invariants: {
    /** If it fails, a tile was lifted: sliding never gives an odd permutation with the hole on a square of even colour. */
    halfOfTheBoardsAreReachable: (s, { columns }) => {
      const board = [...s.board];
      let odd = false;
      for (const [i, tile] of board.entries()) {
        for (const other of board.slice(i + 1)) if (other < tile) odd = !odd;
      }
      const hole = board.indexOf(0);
      return odd === ((Math.floor(hole / columns) + (hole % columns)) % 2 === 1);
    },
  },

  models: {
    small: { expected: { result: 'ok', distinct: 360, generated: 841, depth: 22 } },
  },
});
