/*
 * Two-phase commit, on the same graph as specs/two-phase-commit: the same distinct states, a transition for each of its
 * steps, and its two invariants of states, asserted by the steps that write what they read; with BARE defined, nothing is
 * asserted. N is the number of resource managers, at most 9.
 *
 * Everything is packed into bit fields, which makes the state vector as short as SPIN allows; with arrays, SPIN is a
 * third slower. There is one process that takes any enabled step: interleaving is what the loop chooses.
 */
#define WORKING 0
#define PREPARED 1
#define COMMITTED 2
#define ABORTED 3

unsigned rm : 18;       /* two bits for each resource manager */
unsigned prepared : 9;  /* those of which the transaction manager knows that they are prepared */
unsigned promised : 9;  /* those that have sent "prepared" */
unsigned tm : 2;        /* WORKING, COMMITTED or ABORTED */
unsigned commit : 1;    /* "commit" was sent */
unsigned abort : 1;     /* "abort" was sent */

#define state(i) ((rm >> (2 * i)) & 3)
#define become(i, s) rm = (rm & ~(3 << (2 * i))) | (s << (2 * i))

#ifdef BARE
#define judge(claim)
#else
#define judge(claim) ; assert(claim)
#endif

/* Of two bits, those who have decided have the higher one; then the lower one tells abort from commit. */
#define decided (rm & 174762)
#define commits (decided & ~(rm << 1))
#define aborts (decided & (rm << 1))
#define consistent (!(commits && aborts))

/* Once the transaction manager has committed, everybody is prepared or committed: one of two bits, and not both. */
#define promises ((rm ^ (rm >> 1)) & 87381 & ((1 << 2 * N) - 1))
#define commitNeedsEveryPromise (tm != COMMITTED || promises == (87381 & ((1 << 2 * N) - 1)))

#define manager(i) \
  :: d_step { tm == WORKING && (promised & (1 << i)) -> prepared = prepared | (1 << i) } \
  :: d_step { state(i) == WORKING -> become(i, PREPARED); promised = promised | (1 << i) judge(commitNeedsEveryPromise) } \
  :: d_step { state(i) == WORKING -> become(i, ABORTED) judge(consistent) judge(commitNeedsEveryPromise) } \
  :: d_step { commit -> become(i, COMMITTED) judge(consistent) judge(commitNeedsEveryPromise) } \
  :: d_step { abort -> become(i, ABORTED) judge(consistent) judge(commitNeedsEveryPromise) }

active proctype steps() {
  do
  :: d_step { tm == WORKING && prepared == (1 << N) - 1 -> tm = COMMITTED; commit = 1 judge(commitNeedsEveryPromise) }
  :: d_step { tm == WORKING -> tm = ABORTED; abort = 1 }
  manager(0)
#if N > 1
  manager(1)
#endif
#if N > 2
  manager(2)
#endif
#if N > 3
  manager(3)
#endif
#if N > 4
  manager(4)
#endif
#if N > 5
  manager(5)
#endif
#if N > 6
  manager(6)
#endif
#if N > 7
  manager(7)
#endif
#if N > 8
  manager(8)
#endif
  od
}
