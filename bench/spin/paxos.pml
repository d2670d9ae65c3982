/*
 * Paxos over a set of messages, on the same graph as specs/paxos: the same distinct states, a transition for each of its steps,
 * and its three invariants, asserted by the steps that write what they read. Three acceptors, two values, and N ballots, at most 4.
 *
 * Everything is packed into bit fields. An acceptor promises each ballot once at most, so of its messages "1b" for a ballot
 * there is one, which says how it had voted: 0 nothing was sent, 1 it had not voted, 2 + 2 * ballot + value its vote.
 *
 * With BARE defined, nothing is asserted, and a proposer takes one step for a ballot and a value, where the spec has one for
 * each majority and each witness of the value: the same states with fewer transitions, and the least that there is to do.
 */
unsigned max0 : 3;      /* the highest ballot to which acceptor 0 has answered, plus one */
unsigned max1 : 3;
unsigned max2 : 3;
unsigned vote0 : 4 = 1; /* how acceptor 0 has voted */
unsigned vote1 : 4 = 1;
unsigned vote2 : 4 = 1;
unsigned m1a : 4;       /* the ballots for which "1a" was sent */
unsigned m2a : 8;       /* "2a": two bits for each ballot */
unsigned m2b0 : 8;      /* "2b" of acceptor 0: two bits for each ballot */
unsigned m2b1 : 8;
unsigned m2b2 : 8;
unsigned p00 : 3;       /* "1b" of acceptor 0 for ballot 0 */
unsigned p10 : 3;
unsigned p20 : 3;
unsigned p01 : 3;
unsigned p11 : 3;
unsigned p21 : 3;
unsigned p02 : 3;
unsigned p12 : 3;
unsigned p22 : 3;
unsigned p03 : 3;
unsigned p13 : 3;
unsigned p23 : 3;

#ifdef BARE
#define judge(claim)
#else
#define judge(claim) ; assert(claim)
#endif

/* Phase 2a for a ballot and a value: a step for each majority and witness, who reports the highest vote among the two. */
#define unproposed(b) (((m2a >> (2 * b)) & 3) == 0)
#define free(x, y) (x == 1 && y == 1)
#define witness(x, y, v) (x > 1 && y && (x & 1) == v && (x >> 1) >= (y >> 1))
#define propose(b, v) m2a = m2a | (1 << (2 * b + v)) judge(oneProposalPerBallot(b))

#ifdef BARE
#define either(x, y, v) (free(x, y) || witness(x, y, v) || witness(y, x, v))
#define phase2a(b, v) \
  :: d_step { unproposed(b) && (either(p0##b, p1##b, v) || either(p0##b, p2##b, v) || either(p1##b, p2##b, v)) -> propose(b, v) }
#else
/* Where nobody has voted, there is no witness, and one step. */
#define quorum(x, y, b, v) \
  :: d_step { unproposed(b) && (free(x, y) || witness(x, y, v)) -> propose(b, v) } \
  :: d_step { unproposed(b) && witness(y, x, v) -> propose(b, v) }
#define phase2a(b, v) quorum(p0##b, p1##b, b, v) quorum(p0##b, p2##b, b, v) quorum(p1##b, p2##b, b, v)
#endif

#define promise(a, b) \
  :: d_step { (m1a & (1 << b)) && b + 1 > max##a -> max##a = b + 1; p##a##b = vote##a judge(promisesAreKept(a)) }

#define accept(a, b, v) \
  :: d_step { (m2a & (1 << (2 * b + v))) && b + 1 >= max##a \
     -> max##a = b + 1; vote##a = 2 + 2 * b + v; m2b##a = m2b##a | (1 << (2 * b + v)) \
        judge(promisesAreKept(a)) judge(atMostOneChosen) }

/* The bits of what two acceptors have voted for: of value 0 they are 01010101, of value 1 they are 10101010. */
#define chosen ((m2b0 & m2b1) | (m2b0 & m2b2) | (m2b1 & m2b2))
#define atMostOneChosen (!((chosen & 85) && (chosen & 170)))
#define oneProposalPerBallot(b) (((m2a >> (2 * b)) & 3) != 3)
#define promisesAreKept(a) (max##a >= (vote##a >> 1))

#define ballot(b) \
  :: d_step { m1a = m1a | (1 << b) } \
  promise(0, b) promise(1, b) promise(2, b) \
  phase2a(b, 0) phase2a(b, 1) \
  accept(0, b, 0) accept(1, b, 0) accept(2, b, 0) \
  accept(0, b, 1) accept(1, b, 1) accept(2, b, 1)

active proctype steps() {
  do
  ballot(0)
#if N > 1
  ballot(1)
#endif
#if N > 2
  ballot(2)
#endif
#if N > 3
  ballot(3)
#endif
  od
}
