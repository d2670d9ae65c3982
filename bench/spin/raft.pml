/*
 * Raft over a network that is a set of messages, on the same graph as specs/raft: the same distinct states, a transition for
 * each of its steps, and its invariants of states, asserted by the steps that write what they read. There are three servers,
 * at most three terms, and logs of at most two entries.
 *
 * MAXTERM, MAXLOG, CRASH, LOSS and DUPLICATION are what they are there. A network with a CAPACITY of at most 4 disables a
 * step that sends more; without one, SLOTS is how many messages may be in flight at most, and the verifier ends with an
 * error where it is too small.
 *
 * A server is packed into one word, and a message with all that it says into a short. Those in flight are a sorted array
 * without gaps, so that equal sets are equal arrays. There is one process that takes any enabled step.
 *
 * History is what the invariants are about: who led in which term, with which log, and what was committed where. A second
 * leader of a term fails an assertion, so that one place for each term is enough.
 */
#ifndef MAXTERM
#define MAXTERM 1
#endif
#ifndef MAXLOG
#define MAXLOG 1
#endif
#ifndef CRASH
#define CRASH 1
#endif
#ifndef LOSS
#define LOSS 0
#endif
#ifndef DUPLICATION
#define DUPLICATION 0
#endif
#ifdef CAPACITY
#define SLOTS CAPACITY
#endif

#define FOLLOWER 0
#define CANDIDATE 1
#define LEADER 2

typedef Server {
  unsigned up : 1 = 1;
  unsigned term : 2;
  unsigned votedFor : 2;  /* 1 + a server, or 0 */
  unsigned role : 2;
  unsigned votes : 3;     /* a bit for each server */
  unsigned committed : 2;
  unsigned length : 2;
  unsigned log : 4;       /* the terms of entries, two bits each; 0 beyond the last */
  unsigned next : 6;      /* two bits for each server */
  unsigned matches : 6
};
Server server[3];

byte inFlight;
short net[SLOTS];

unsigned crashes : 2 = CRASH;
unsigned losses : 2 = LOSS;
unsigned duplications : 2 = DUPLICATION;

unsigned leaders : 6;     /* 1 + the server that led in each term, or 0: two bits for each */
unsigned leaderLogs : 12; /* with which log: four bits for each */
unsigned history : 18;    /* what was committed: a bit for each term, place and entry */

/* What steps reckon with; no part of the state. */
hidden short m;     /* the message that arrives, at whom, and from whom */
hidden byte me;
hidden byte from;
hidden short sent;  /* what is sent, or 0 */
hidden byte count;  /* how many entries are to be committed */
hidden byte at;
hidden byte i;

#define I server[me]
#define two(word, n) (((word) >> (2 * (n))) & 3)
#define withTwo(word, n, value) (((word) & ~(3 << (2 * (n)))) | ((value) << (2 * (n))))
/* SPIN does not parse a conditional expression everywhere that these stand. */
#define max(a, b) ((a) * ((a) >= (b)) + (b) * ((b) > (a)))
#define min(a, b) ((a) * ((a) <= (b)) + (b) * ((b) < (a)))
#define isMajority(votes) ((votes) == 3 || (votes) >= 5)

/*
 * Messages: the type, the link, the term, and eight bits of what they say. Link 2 * from + d leads to the server d + 1 after
 * the sender, and the link back from there has the other d.
 */
#define REQUEST_VOTE 0
#define VOTE 1
#define APPEND 2
#define APPENDED 3
#define message(type, link, term, said) ((type) << 13 | (link) << 10 | (term) << 8 | (said))
#define typeOf(m) ((m) >> 13)
#define senderOf(m) (((m) >> 11) & 3)
#define receiverOf(m) ((senderOf(m) + 1 + (((m) >> 10) & 1)) % 3)
#define linkBack(m) (2 * receiverOf(m) + 1 - (((m) >> 10) & 1))
#define termOf(m) (((m) >> 8) & 3)

/* The term of the entry before a place, 0 before the first. */
#define termBefore(s, place) two(s.log << 2, place)
#define lastTerm(s) termBefore(s, s.length)

/* "requestVote": the term of the last entry, and how many there are. */
#define voteRequest(a, d) message(REQUEST_VOTE, 2 * (a) + (d), server[a].term, lastTerm(server[a]) << 2 | server[a].length)
#define lastTermIn(m) two(m, 1)
#define lengthIn(m) two(m, 0)

/* "append": the place of the entries, the term of the entry before it, the entry or 0, and how many are committed. */
#define nextOf(a, b) two(server[a].next, b)
#define entryFor(a, b) two(server[a].log, nextOf(a, b))
#define committedFor(a, b) min(server[a].committed, nextOf(a, b) + (entryFor(a, b) != 0))
#define appendTo(a, b, d) \
  message(APPEND, 2 * (a) + (d), server[a].term, \
    nextOf(a, b) << 6 | termBefore(server[a], nextOf(a, b)) << 4 | entryFor(a, b) << 2 | committedFor(a, b))
#define placeIn(m) two(m, 3)
#define previousTermIn(m) two(m, 2)
#define entryIn(m) two(m, 1)
#define committedIn(m) two(m, 0)
#define isWorthSending(a, b) \
  (entryFor(a, b) != 0 || committedFor(a, b) > 0 || two(server[a].matches, b) < nextOf(a, b))

#ifdef CAPACITY
#define has2(x) (net[0] == x || net[1] == x)
#if CAPACITY > 2
#define has3(x) (has2(x) || net[2] == x)
#else
#define has3(x) has2(x)
#endif
#if CAPACITY > 3
#define has(x) (has3(x) || net[3] == x)
#else
#define has(x) has3(x)
#endif
#define hasRoomFor(n) (inFlight + n <= CAPACITY)
#define admits(x) (inFlight < CAPACITY || has((x)))
#else
#define hasRoomFor(n) true
#define admits(x) true
#endif

/* Puts what is sent in its place, unless it is there. */
inline send() {
  at = inFlight;
  do
  :: at > 0 && net[at - 1] > sent -> at--
  :: else -> break
  od;
  if
  :: at > 0 && net[at - 1] == sent
  :: else ->
    i = inFlight;
    do
    :: i > at -> net[i] = net[i - 1]; i--
    :: else -> break
    od;
    net[at] = sent;
    inFlight++
  fi
}

inline take(k) {
  i = k + 1;
  do
  :: i < inFlight -> net[i - 1] = net[i]; i++
  :: else -> break
  od;
  inFlight--;
  net[inFlight] = 0
}

/* Invariants, each where it may come to fail. */
#define ledBy(term) two(leaders, (term) - 1)
#define logOfLeader(term) ((leaderLogs >> (4 * ((term) - 1))) & 15)
/* Nobody else has led in this term. */
#define electionSafety (ledBy(I.term) == 0 || ledBy(I.term) == me + 1)
/* Two logs of at most two entries that have the second in common have the first in common. */
#define logsMatch(a, b) (two(a, 1) == 0 || two(a, 1) != two(b, 1) || two(a, 0) == two(b, 0))
#define logMatching (logsMatch(I.log, server[(me + 1) % 3].log) && logsMatch(I.log, server[(me + 2) % 3].log))

/* History: in a term, at a place, an entry was committed. */
#define commitment(term, place, entry) (1 << (((place) * 3 + (entry) - 1) * 3 + (term) - 1))
/* Of three entries that may be at a place, at most one is, in whatever terms it was committed. */
#define inAnyTerm(place, entry) ((history & (7 << (((place) * 3 + (entry) - 1) * 3))) != 0)
#define stateMachineSafety(place) (inAnyTerm(place, 1) + inAnyTerm(place, 2) + inAnyTerm(place, 3) <= 1)
/* What terms before that of a leader committed at a place is what it has there. */
#define inTermsBefore(term, place, entry) ((history & (((1 << ((term) - 1)) - 1) << (((place) * 3 + (entry) - 1) * 3))) != 0)
#define hasOnly(term, place, entry) (!inTermsBefore(term, place, entry) || two(logOfLeader(term), place) == (entry))
#define isCompleteAt(term, place) \
  (ledBy(term) == 0 || (hasOnly(term, place, 1) && hasOnly(term, place, 2) && hasOnly(term, place, 3)))
#if MAXLOG > 1
#define isComplete(term) (isCompleteAt(term, 0) && isCompleteAt(term, 1))
#else
#define isComplete(term) isCompleteAt(term, 0)
#endif
#if MAXTERM > 2
#define leaderCompleteness (isComplete(2) && isComplete(3))
#elif MAXTERM > 1
#define leaderCompleteness isComplete(2)
#else
#define leaderCompleteness true
#endif

/* Commits as many entries as is said, and notes which. */
inline commit() {
  do
  :: I.committed < count ->
    history = history | commitment(I.term, I.committed, two(I.log, I.committed));
    assert(stateMachineSafety(I.committed));
    I.committed = I.committed + 1
  :: else -> break
  od;
  assert(leaderCompleteness)
}

inline follow() {
  I.role = FOLLOWER;
  I.votes = 0;
  I.next = 0;
  I.matches = 0
}

inline lead() {
  I.role = LEADER;
  I.votes = 0;
  I.next = I.length * 21;
  assert(electionSafety);
  leaders = withTwo(leaders, I.term - 1, me + 1);
  leaderLogs = leaderLogs | (I.log << (4 * (I.term - 1)));
  assert(leaderCompleteness)
}

#define isUpToDate (lastTermIn(m) > lastTerm(I) || (lastTermIn(m) == lastTerm(I) && lengthIn(m) >= I.length))

inline answer() {
  sent = message(VOTE, linkBack(m), I.term, 0);
  if
  :: termOf(m) == I.term && (I.votedFor == 0 || I.votedFor == from + 1) && isUpToDate ->
    I.votedFor = from + 1;
    sent = sent + 1
  :: else
  fi
}

inline countVote() {
  if
  :: I.role == CANDIDATE && termOf(m) == I.term && (m & 1) ->
    I.votes = I.votes | (1 << from);
    if
    :: isMajority(I.votes) -> lead()
    :: else
    fi
  :: else
  fi
}

/* How many entries the receiver then has in common with the leader. */
#define inCommon (placeIn(m) + (entryIn(m) != 0))

/* "appended" says 1 + how many are in common, or 0 where the logs differ. */
inline accept() {
  sent = message(APPENDED, linkBack(m), I.term, 0);
  if
  :: termOf(m) == I.term ->
    follow();
    if
    :: termBefore(I, placeIn(m)) == previousTermIn(m) ->
      if
      :: entryIn(m) != 0 && two(I.log, placeIn(m)) != entryIn(m) ->
        I.log = (I.log & ((1 << (2 * placeIn(m))) - 1)) | (entryIn(m) << (2 * placeIn(m)));
        I.length = placeIn(m) + 1;
        assert(logMatching)
      :: else
      fi;
      sent = sent + 1 + inCommon;
      count = min(committedIn(m), inCommon)
    :: else
    fi
  :: else
  fi
}

#define hasIt(b, place) ((b) == me || two(I.matches, b) > (place))
#define mayCommit(place) \
  (two(I.log, place) == I.term && hasIt(0, place) + hasIt(1, place) + hasIt(2, place) >= 2)

#define matchesIn(m) (two(m, 0) - 1)

inline learn() {
  if
  :: I.role == LEADER && termOf(m) == I.term ->
    if
    :: matchesIn(m) < 0 ->
      if
      :: two(I.next, from) > 0 -> I.next = withTwo(I.next, from, two(I.next, from) - 1)
      :: else
      fi
    :: else ->
      I.matches = withTwo(I.matches, from, max(two(I.matches, from), matchesIn(m)));
      I.next = withTwo(I.next, from, max(two(I.next, from), matchesIn(m)))
    fi;
    if
    :: mayCommit(1) -> count = 2
    :: !mayCommit(1) && mayCommit(0) -> count = 1
    :: else
    fi
  :: else
  fi
}

inline handle() {
  me = receiverOf(m);
  from = senderOf(m);
  sent = 0;
  count = 0;
  if
  :: termOf(m) > I.term ->
    I.term = termOf(m);
    I.votedFor = 0;
    follow()
  :: else
  fi;
  if
  :: typeOf(m) == REQUEST_VOTE -> answer()
  :: typeOf(m) == VOTE -> countVote()
  :: typeOf(m) == APPEND -> accept()
  :: else -> learn()
  fi;
  if
  :: count > I.committed -> commit()
  :: else
  fi;
  if
  :: sent != 0 -> send()
  :: else
  fi
}

/* What may become of the message in a slot. */
#define deliver(k) :: d_step { k < inFlight && server[receiverOf(net[k])].up -> m = net[k]; take(k); handle() }
#if LOSS > 0
#define lose(k) :: d_step { k < inFlight && losses > 0 -> losses = losses - 1; take(k) }
#else
#define lose(k)
#endif
#if DUPLICATION > 0
#ifdef CAPACITY
#error "a network with a capacity does not duplicate messages here"
#endif
#define duplicate(k) \
  :: d_step { k < inFlight && duplications > 0 && server[receiverOf(net[k])].up -> \
     duplications = duplications - 1; m = net[k]; handle() }
#else
#define duplicate(k)
#endif
#define slot(k) deliver(k) lose(k) duplicate(k)

/* "timeout": a candidate's term is new to the network, and so are its messages. */
#define campaign(a) \
  :: d_step { server[a].up && server[a].term < MAXTERM && server[a].role != LEADER && hasRoomFor(2) -> \
     server[a].term = server[a].term + 1; server[a].role = CANDIDATE; server[a].votedFor = a + 1; \
     server[a].votes = 1 << a; sent = voteRequest(a, 0); send(); sent = voteRequest(a, 1); send() }

#define request(a) \
  :: d_step { server[a].up && server[a].role == LEADER && server[a].length < MAXLOG -> \
     me = a; I.log = withTwo(I.log, I.length, I.term); I.length = I.length + 1; assert(logMatching) }

#define replicate(a, b, d) \
  :: d_step { server[a].up && server[a].role == LEADER && isWorthSending(a, b) && admits(appendTo(a, b, d)) -> \
     sent = appendTo(a, b, d); send() }

#if CRASH > 0
#define fail(a) \
  :: d_step { server[a].up && crashes > 0 -> \
     crashes = crashes - 1; server[a].up = 0; server[a].committed = 0; me = a; follow() } \
  :: d_step { !server[a].up -> server[a].up = 1 }
#else
#define fail(a)
#endif

#define steps(a, b, c) campaign(a) request(a) replicate(a, b, 0) replicate(a, c, 1) fail(a)

active proctype system() {
end:
  do
  steps(0, 1, 2)
  steps(1, 2, 0)
  steps(2, 0, 1)
  slot(0)
  slot(1)
#if SLOTS > 2
  slot(2)
#endif
#if SLOTS > 3
  slot(3)
#endif
#if SLOTS > 4
  slot(4)
#endif
#if SLOTS > 5
  slot(5)
#endif
#if SLOTS > 6
  slot(6)
#endif
#if SLOTS > 7
  slot(7)
#endif
#if SLOTS > 8
  slot(8)
#endif
#if SLOTS > 9
  slot(9)
#endif
#if SLOTS > 10
  slot(10)
#endif
#if SLOTS > 11
  slot(11)
#endif
#if SLOTS > 12
#error "more slots are not written out"
#endif
  od
}
