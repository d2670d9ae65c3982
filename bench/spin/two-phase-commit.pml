/*
 * Two-phase commit, on the same graph as specs/two-phase-commit: the same distinct states, and a transition for each of
 * its steps. N is the number of resource managers, at most 9.
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

#define manager(i) \
  :: d_step { tm == WORKING && (promised & (1 << i)) -> prepared = prepared | (1 << i) } \
  :: d_step { state(i) == WORKING -> become(i, PREPARED); promised = promised | (1 << i) } \
  :: d_step { state(i) == WORKING -> become(i, ABORTED) } \
  :: d_step { commit -> become(i, COMMITTED) } \
  :: d_step { abort -> become(i, ABORTED) }

active proctype steps() {
  do
  :: d_step { tm == WORKING && prepared == (1 << N) - 1 -> tm = COMMITTED; commit = 1 }
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
