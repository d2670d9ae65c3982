/**
 * Lamport's mutual exclusion: requests carry logical clocks, and everybody serves them in the order of their time.
 *
 * Renders the algorithm of L. Lamport, *Time, Clocks, and the Ordering of Events in a Distributed System* (1978), after
 * `LamportMutex.tla` of the TLA+ examples. Channels between two processes are first in, first out, and lose nothing.
 */
import { defineSpec, each, mapOf, nodes, when } from 'bivalent';

type Process = `p${number}`;
type Message = { type: 'request'; clock: number } | { type: 'acknowledge' } | { type: 'release' };

/** Whether a request is before all others that its process knows of: earlier, or as early and winning the tie. */
function isFirst(
  requests: Readonly<Record<Process, number>>,
  p: Process,
  processes: readonly Process[],
  winsTie = (q: Process): boolean => processes.indexOf(p) < processes.indexOf(q),
): boolean {
  const mine = requests[p]!;
  return processes.every((q) => {
    const theirs = requests[q]!;
    return q === p || theirs === 0 || mine < theirs || (mine === theirs && winsTie(q));
  });
}

export default defineSpec({
  name: 'LamportMutex',
  constants: {
    Proc: nodes('p', 2),
    maxClock: 6,
    /**
     * Whether to ask what is promised of whole behaviours, too. Nobody asks for entry then once a clock is beyond `maxClock`,
     * since a constraint would cut behaviours off.
     */
    judgeBehaviours: false,
  },
  init: ({ Proc }) => ({
    process: mapOf(Proc, () => ({
      clock: 1,
      /** The time of the pending request of each process, as far as this one knows; 0 where there is none. */
      request: mapOf(Proc, () => 0),
      acknowledged: new Set<Process>(),
      critical: false,
    })),
    /** `channel[p][q]`: what p has sent to q. */
    channel: mapOf(Proc, () => mapOf(Proc, (): Message[] => [])),
  }),

  actions: {
    /** Rule 1: the process "sends the message Tm:Pi requests resource to every other process". */
    request(s, { Proc, maxClock, judgeBehaviours, pick }) {
      const { p } = pick({ p: Proc });
      const self = s.process[p]!;
      when(self.request[p] === 0);
      when(!judgeBehaviours || Proc.every((q) => s.process[q]!.clock <= maxClock));
      self.request[p] = self.clock;
      self.acknowledged.clear();
      self.acknowledged.add(p);
      for (const q of Proc) if (q !== p) s.channel[p]![q]!.push({ type: 'request', clock: self.clock });
    },

    /** Rule 2: the receiver notes the request, advances its clock beyond it, and "sends a (timestamped) acknowledgment". */
    receiveRequest(s, { Proc, pick }) {
      const { p, q } = pick({ p: Proc, q: Proc });
      const [message] = s.channel[q]![p]!;
      when(p !== q && message?.type === 'request');
      const self = s.process[p]!;
      self.request[q] = message.clock;
      self.clock = Math.max(self.clock, message.clock) + 1;
      s.channel[q]![p]!.shift();
      s.channel[p]![q]!.push({ type: 'acknowledge' });
    },

    /** An acknowledgement is counted. */
    receiveAcknowledgement(s, { Proc, pick }) {
      const { p, q } = pick({ p: Proc, q: Proc });
      when(p !== q && s.channel[q]![p]![0]?.type === 'acknowledge');
      s.process[p]!.acknowledged.add(q);
      s.channel[q]![p]!.shift();
    },

    /** Rule 5: its request "is ordered before any other request in its queue", and it has heard from everybody. */
    enter(s, { Proc, pick }) {
      const { p } = pick({ p: Proc });
      const self = s.process[p]!;
      when(Proc.every((q) => self.acknowledged.has(q)));
      when(isFirst(self.request, p, Proc));
      self.critical = true;
    },

    /** Rule 3: it removes its request and "sends a (timestamped) Pi releases resource message to every other process". */
    exit(s, { Proc, pick }) {
      const { p } = pick({ p: Proc });
      const self = s.process[p]!;
      when(self.critical);
      self.critical = false;
      self.request[p] = 0;
      self.acknowledged.clear();
      for (const q of Proc) if (q !== p) s.channel[p]![q]!.push({ type: 'release' });
    },

    /** Rule 4: the receiver of a release forgets the request. */
    receiveRelease(s, { Proc, pick }) {
      const { p, q } = pick({ p: Proc, q: Proc });
      when(p !== q && s.channel[q]![p]![0]?.type === 'release');
      s.process[p]!.request[q] = 0;
      s.channel[q]![p]!.shift();
    },
  },

  invariants: {
    /** If it fails, two processes use the printer, the disk, the account at the same time. */
    mutualExclusion: (s, { Proc, forAll }) => {
      const { p, q } = forAll({ p: Proc, q: Proc });
      return p === q || !(s.process[p]!.critical && s.process[q]!.critical);
    },

    /** If it fails, a channel needs more room than one message of each kind, and a fixed buffer overflows. */
    atMostThreeUnderWay: (s, { Proc, forAll }) => {
      const { p, q } = forAll({ p: Proc, q: Proc });
      return s.channel[p]![q]!.length <= 3;
    },
  },

  temporal: ({ and, leadsTo }, { Proc, judgeBehaviours }) =>
    judgeBehaviours
      ? {
          /** If it fails, somebody waits outside for ever. */
          whoeverAsksEnters: and(
            ...Proc.map((p) =>
              leadsTo(
                (s) => s.process[p]!.request[p] !== 0,
                (s) => s.process[p]!.critical,
              ),
            ),
          ),
        }
      : {},
  /** Nobody stays inside for ever, and every message arrives. */
  fairness: {
    weak: [each('enter'), each('exit'), each('receiveRequest'), each('receiveAcknowledgement'), each('receiveRelease')],
  },

  /** Clocks grow for ever; the check looks at the states up to `maxClock`. */
  constraint: (s, { Proc, maxClock, judgeBehaviours, forAll }) => {
    const { p } = forAll({ p: Proc });
    return judgeBehaviours || s.process[p]!.clock <= maxClock;
  },

  /** Nobody waits for anything any more. */
  terminated: (s, { Proc }) => Proc.every((p) => s.process[p]!.request[p] === 0),

  models: {
    small: { expected: { result: 'ok', distinct: 1043, generated: 2001, depth: 40 } },
    behaviours: {
      constants: { judgeBehaviours: true },
      expected: { result: 'ok', distinct: 1302, generated: 2356, depth: 45 },
    },
    medium: { constants: { Proc: 3 }, expected: { result: 'ok', distinct: 724274, generated: 2729079, depth: 61 } },
  },

  mutants: {
    'an acknowledgement overtakes an earlier request': {
      actions: {
        receiveAcknowledgement(s, { Proc, pick }) {
          const { p, q } = pick({ p: Proc, q: Proc });
          const position = s.channel[q]![p]!.findIndex((message) => message.type === 'acknowledge');
          when(p !== q && position >= 0);
          s.process[p]!.acknowledged.add(q);
          s.channel[q]![p]!.splice(position, 1);
        },
      },
      breaks: 'mutualExclusion',
      steps: 8,
    },
    'ties are not broken': {
      actions: {
        enter(s, { Proc, pick }) {
          const { p } = pick({ p: Proc });
          const self = s.process[p]!;
          when(Proc.every((q) => self.acknowledged.has(q)));
          when(isFirst(self.request, p, Proc, () => true));
          self.critical = true;
        },
      },
      breaks: 'mutualExclusion',
      steps: 8,
    },
    'enters without waiting for acknowledgements': {
      actions: {
        enter(s, { Proc, pick }) {
          const { p } = pick({ p: Proc });
          const self = s.process[p]!;
          when(self.request[p]! > 0);
          when(isFirst(self.request, p, Proc));
          self.critical = true;
        },
      },
      breaks: 'mutualExclusion',
      steps: 4,
    },
    'a process stays inside for ever': {
      model: 'behaviours',
      fairness: {
        weak: [each('enter'), each('receiveRequest'), each('receiveAcknowledgement'), each('receiveRelease')],
      },
      breaks: 'whoeverAsksEnters',
      steps: 7,
    },
    'a process that waits does not acknowledge later requests': {
      actions: {
        receiveRequest(s, { Proc, pick }) {
          const { p, q } = pick({ p: Proc, q: Proc });
          const [message] = s.channel[q]![p]!;
          when(p !== q && message?.type === 'request');
          const self = s.process[p]!;
          self.request[q] = message.clock;
          self.clock = Math.max(self.clock, message.clock) + 1;
          s.channel[q]![p]!.shift();
          if (self.request[p] === 0 || message.clock <= self.request[p]!)
            s.channel[p]![q]!.push({ type: 'acknowledge' });
        },
      },
      breaks: 'deadlock',
      steps: 10,
    },
  },
});
