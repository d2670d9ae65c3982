import { assert, constantFrom, oneof, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';

import { exploreStateGraph, type StateGraph } from '../../explore/index.ts';
import { check } from '../../property/index.ts';
import { bind } from '../../spec/index.ts';
import dieHard from '../../../specs/die-hard/die-hard.ts';
import twoPhaseCommit from '../../../specs/two-phase-commit/two-phase-commit.ts';
import { stateGraphDot, stateGraphSvg } from './index.ts';

const dieHardGraph = explored(bind(dieHard));

function explored(system: Parameters<typeof exploreStateGraph>[0]): StateGraph {
  const exploration = exploreStateGraph(system, 1000);
  for (;;) {
    const { done, value } = exploration.next();
    if (done === true) return value;
  }
}

/** Two states, of which the second breaks an invariant, one step between them and one that changes nothing. */
function small(text: string): StateGraph {
  const initial = { state: { text }, level: 1, broken: [], isBeyond: false };
  const step = { parameters: { what: text }, broken: [], isBeyond: false };
  return {
    spec: text,
    actions: [text, 'wait'],
    states: [initial, { ...initial, state: { text: `${text}!` }, level: 2, broken: [text] }],
    steps: [
      { ...step, from: 0, to: 1, action: text },
      { ...step, from: 0, to: 0, action: 'wait', parameters: {} },
    ],
  };
}

test('a picture in DOT fills states by their level, colours steps by their action, and marks what is wrong', () => {
  const trace = [
    { action: null, parameters: {}, state: { text: 'a' } },
    { action: 'a', parameters: { what: 'a' }, state: { text: 'a!' } },
  ];
  expect(stateGraphDot(small('a'), trace)).toBe(`digraph states {
  label="a: 2 states, 2 steps, 2 levels\\nthe deeper the level of a state, the bluer it is; a double border is an initial state\\nred: a property is violated\\n↻ steps that change nothing\\nthick: the counterexample";
  labelloc=t;
  node [shape=box, style="filled,rounded", fontname="monospace", fontsize=10];
  edge [fontname="monospace", fontsize=9];
  0 [label="0\\ntext = 'a'\\n↻ wait", tooltip="state 0, level 1\\ntext = 'a'", fillcolor="#fffce8", peripheries="2", penwidth="3"];
  1 [label="1 ✗ a\\ntext = 'a!'", tooltip="state 1, level 2\\nbreaks a\\ntext = 'a!'", fillcolor="#ffd9dc", color="#b00020", penwidth="3"];
  0 -> 1 [label="a(what=a)", tooltip="a(what=a)", color="#0072b2", fontcolor="#0072b2", penwidth="3"];
  subgraph cluster_actions {
    label="actions";
    node [shape=plaintext, style=""];
    "action 0" [label="a", fontcolor="#0072b2"];
    "action 1" [label="wait", fontcolor="#d55e00"];
  }
}
`);
});

describe('a picture in SVG', () => {
  test('draws every state once, and one line for the steps of an action between two states', () => {
    const svg = stateGraphSvg(dieHardGraph, check(bind(dieHard)).violation!.trace);
    const titles = [...svg.matchAll(/<g><title>state (\d+), level/g)].map(([, number]) => Number(number));
    expect(titles).toEqual(dieHardGraph.states.map((_, i) => i));
    const moves = dieHardGraph.steps.filter(({ from, to }) => from !== to);
    expect(svg.split('<path d="M').length - 1).toBe(
      new Set(moves.map((s) => `${s.from} ${s.to} ${s.action}`)).size + 6,
    );
    const thickSteps = svg.split('<path d="M').filter((path) => /^[^>]*fill="none"[^>]*stroke-width="3"/.test(path));
    expect(thickSteps).toHaveLength(6);
  });

  test('of a large graph has numbers for states, and the states in tooltips', () => {
    const svg = stateGraphSvg(explored(bind(twoPhaseCommit, { model: 'small' })));
    expect(svg.split('<title>state ')).toHaveLength(288 + 1);
    expect(svg).not.toMatch(/<text[^>]*>rmState/);
  });

  test('is the same every time', () => {
    expect(stateGraphSvg(dieHardGraph)).toBe(stateGraphSvg(dieHardGraph));
  });
});

/** The markup of a document, without its texts and the values of its attributes. */
function svgShape(svg: string): string {
  return svg.replaceAll(/>[^<]*</g, '><').replaceAll(/"[^"<>&]*"/g, '""');
}

/** What a DOT file is without its strings. */
function dotShape(dot: string): string {
  return dot.replaceAll(/"(?:[^"\\]|\\.)*"/gs, '""');
}

describe('whatever a name or a value contains', () => {
  const hostile = oneof(
    constantFrom('</title><script>', '"\\"', '\u202e\u0000\ud800', '\\', ']]>', '`${x}`\n\r', '&amp;'),
    string({ unit: 'binary' }),
  );

  test('an SVG has no markup of its own, and no character that XML does not allow', () => {
    assert(
      property(hostile, (text) => {
        const svg = stateGraphSvg(small(text));
        // eslint-disable-next-line no-control-regex
        expect(svg).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
        expect(svg).not.toMatch(/\p{Surrogate}/u);
        expect(svg.replaceAll(/&(amp|lt|gt|quot|#39);/g, '')).not.toContain('&');
        expect(svgShape(svg)).toBe(svgShape(stateGraphSvg(small('a'))));
      }),
    );
  });

  test('a DOT file has the same strings in the same places', () => {
    assert(
      property(hostile, (text) => {
        expect(dotShape(stateGraphDot(small(text)))).toBe(dotShape(stateGraphDot(small('a'))));
      }),
    );
  });
});
