import { expect, test } from 'vitest';

import { BivalentError } from '../core/index.ts';
import { errorText } from './error-text.ts';
import { state } from './result.test-support.ts';

test('an error is its message, the line of user code, and the state in which that ran', () => {
  const details = { file: '/home/me/spec.ts', line: 12, column: 3, state: state({ x: 1, log: [{ term: 2 }] }) };
  const error = new BivalentError('spec/threw', 'action grow threw Error: no', details);
  expect(errorText(error, { showFile: (file) => file.replace('/home/me/', '') }))
    .toBe(`error: action grow threw Error: no
  at spec.ts:12:3
  in the state
    log  [{term: 2}]
    x    1
`);
});

test('an error without a place is its message', () => {
  expect(errorText(new BivalentError('file/missing', 'there is no file spec.ts'))).toBe(
    'error: there is no file spec.ts\n',
  );
});
