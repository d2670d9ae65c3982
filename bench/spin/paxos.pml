/*
 * Paxos over a set of messages, on the same states as specs/paxos: three acceptors, two values, and N ballots, at most 4.
 *
 * Everything is packed into bit fields. An acceptor promises each ballot once at most, so of its messages "1b" for a ballot
 * there is one, which says how it had voted: 0 nothing was sent, 1 it had not voted, 2 + 2 * ballot + value its vote. The
 * proposer of a ballot takes the value of the highest vote among a majority, which always shows in two of the three.
 * For each ballot and value there is one such step here, and one for each majority and each witness in the spec: there are
 * fewer transitions than in the spec, between the same states.
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

/* Two promises let a value be proposed: the higher vote of the two is for it, or there is none. */
#define free(x, y, v) (x == 1 && y == 1)
#define for_it(x, y, v) (x >= y -> (x & 1) == v : (y & 1) == v)
#define allow(x, y, v) (x && y && (free(x, y, v) || for_it(x, y, v)))

#define propose(b, v) \
  :: d_step { ((m2a >> (2 * b)) & 3) == 0 && (allow(p0##b, p1##b, v) || allow(p0##b, p2##b, v) || allow(p1##b, p2##b, v)) \
     -> m2a = m2a | (1 << (2 * b + v)) }

#define promise(a, b) \
  :: d_step { (m1a & (1 << b)) && b + 1 > max##a -> max##a = b + 1; p##a##b = vote##a }

#define accept(a, b, v) \
  :: d_step { (m2a & (1 << (2 * b + v))) && b + 1 >= max##a \
     -> max##a = b + 1; vote##a = 2 + 2 * b + v; m2b##a = m2b##a | (1 << (2 * b + v)) }

#define ballot(b) \
  :: d_step { m1a = m1a | (1 << b) } \
  promise(0, b) promise(1, b) promise(2, b) \
  propose(b, 0) propose(b, 1) \
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
