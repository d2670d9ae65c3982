/**
 * Where things lie in the memory of the loop, in bytes: the header, the fields of each kind of record, and the questions
 * that the loop asks. Both sides read this file.
 *
 * A code of the loop is the address of a record and a tag, as in `code.ts`: a place, a leaf, or a list.
 */

// The header: what the loop is told.
/** Rows to expand, and their sleep sets: where they begin; how many there are; the number of the first. */
export const inputRows = 64;
export const inputAsleep = 68;
export const inputCount = 72;
export const firstRow = 76;
/** The bytes of a row, and of a sleep set; 0 where none is kept. */
export const rowBytes = 80;
export const sleepBytes = 84;
/** The fields of the groups, {@link fieldSize} bytes each, and how many there are. */
export const fields = 88;
export const groupCount = 92;
/** The group numbers of the state before the step; those of the state after it lie {@link afterDistance} bytes further. */
export const before = 96;
export const afterDistance = 100;
/** The agenda of the actions, and whether steps are judged. */
export const actions = 104;
export const judges = 108;
/** Room for codes and for leaves; for so many each. */
export const codeList = 112;
export const leafList = 116;
export const listRoom = 124;
/** The batch: its arrays, and for how many successors they have room. */
export const batchRows = 128;
export const batchHashes = 132;
export const batchParents = 136;
export const batchLeaves = 140;
export const batchTails = 144;
export const batchAsleep = 176;
/** For each successor the leaf that led to it, 0 where it was appended elsewhere; and what is known of it. */
export const batchRecords = 180;
export const batchKnown = 184;
export const batchRoom = 148;
/** Successors of late: their rows, and the parents that gave them; 0 where none are remembered. */
export const recentRows = 152;
export const recentParents = 156;
/** The sleep set of the row at hand, the steps that do not sleep, and the enabled leaf of each step. */
export const asleep = 160;
export const awake = 164;
export const leafOfStep = 168;
/** Where the numbers of rows without a step go. */
export const stuck = 172;

/** The positions in the batch of the successors to judge, and how many they are. */
export const candidates = 224;
export const candidateCount = 228;

// The header: what the loop tells.
/** How many successors were judged. */
export const candidate = 232;
/** How many rows were expanded, and how many of them have no step. */
export const row = 192;
export const stuckCount = 196;
/** How many successors there are in the batch. */
export const batchCount = 200;
/** Enabled steps of the rows that were expanded, and how many were not followed. */
export const enabled = 204;
export const skipped = 208;
/** What a question is about, and the leaf of the step that is judged; 0 where none is. */
export const subject = 212;
export const detail = 216;
export const judged = 220;

export const headerEnd = 256;

/** A field of a row: the word, in bytes; the shift; the largest number. */
export const fieldSize = 12;

/** How many successors are remembered: few enough to stay in the processor's cache. A power of two. */
export const recentCount = 16384;

// A place: how it is looked up, by which group or fold (or the code itself), in which table, and of which step it is.
export const placeKind = 0;
export const placeSource = 4;
export const placeTable = 8;
export const placeLength = 12;
export const placeStep = 16;
export const placeSize = 20;

export const unresolved = 0;
export const byGroup = 1;
export const byFold = 2;
export const steady = 3;
/** Nothing is kept of where it leads. */
export const opaque = 4;

// A fold: how many groups contribute, its number, and for each group its number, table, and shift.
export const foldCount = 0;
export const foldNumber = 4;
export const foldParts = 8;
export const partSource = 0;
export const partTable = 4;
export const partLength = 8;
export const partShift = 12;
export const partSize = 16;

// A leaf: its number, how often it was taken (64 bits), its deltas, its step, and what it may break: of the transition
// invariants, and of the invariants.
export const leafNumber = 0;
export const leafTaken = 8;
export const leafDeltaCount = 16;
export const leafDeltas = 20;
export const leafSleeper = 24;
export const leafWatch = 28;
export const leafInvariants = 32;
export const leafSize = 40;

// A list: its offset, how many leaves and places it has, how often it was met (64 bits), the steps of its leaves
// (-1: one of them has no bit), what these may break, and the leaves and places.
export const listOffset = 0;
export const listLeaves = 4;
export const listMet = 8;
export const listPlaces = 16;
export const listMask = 20;
export const listWatch = 24;
export const listItems = 28;

// A delta: the group that it changes, its table, and the field of the group.
export const deltaSource = 0;
export const deltaTable = 4;
export const deltaLength = 8;
export const deltaWord = 12;
export const deltaShift = 16;
export const deltaNumber = 20;
export const deltaGroup = 24;
export const deltaSize = 28;

// An agenda: its number, whether it is open whatever the state before is, its groups, and what asks several.
export const agendaNumber = 0;
export const agendaIsOpen = 4;
export const agendaGroups = 8;
export const agendaAlways = 12;
export const agendaEntries = 16;
export const entrySource = 0;
export const entryTable = 4;
export const entryLength = 8;
export const entrySize = 12;

// What is known of the step of a leaf: its bit, whether the leaf was compared with all others, what came of comparing it
// with each other, its number among those that have a bit, and four masks.
export const sleeperBit = 0;
export const sleeperIsCompared = 4;
export const sleeperPairs = 8;
export const sleeperMember = 12;
export const sleeperMasks = 16;

/** In the place of a bit: the step never sleeps, and after it none does. */
export const late = -2;

// Questions. What is asked of a table is asked for the row at hand.
export const done = 0;
/** What the entry {@link detail} of an agenda leaves open. */
export const askAgenda = 1;
/** How a place is looked up. */
export const askPlace = 2;
/** Where a place leads. */
export const askCell = 3;
/** What the group {@link detail} contributes to a fold. */
export const askClass = 4;
/** The deltas of a leaf. */
export const askDeltas = 5;
/** What a delta does. */
export const askDelta = 6;
/** The step of a leaf. */
export const askSleeper = 7;
/** With which steps that of a leaf commutes. */
export const askComparison = 8;
/** Whether a leaf commutes with the leaf {@link detail}. */
export const askPair = 9;
/** The steps of a list. */
export const askMask = 10;
/** What a leaf may break. */
export const askWatch = 11;
/** What the leaves of a list may break. */
export const askListWatch = 12;
/** Room in the batch for so many successors more. */
export const askRoom = 13;
/** The row is expanded elsewhere. */
export const leaveRow = 14;
/** Which invariants a leaf may break. */
export const askInvariants = 15;

/** What is known of a successor: `Known` of `batch.ts`. */
export const holds = 1;
export const rests = 2;
