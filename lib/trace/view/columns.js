// @ts-check
/** Where the lifelines are side by side, and the times beside them. */

/**
 * @typedef {object} Room
 * @property {number} width
 * @property {number} height the least height
 * @property {number} em
 * @property {boolean} isServer whether this program is the server
 * @property {boolean} [isBetween] whether it is a relay
 */

/** More lanes than this leave too little room for text on the arrows. */
const MAX_LANES = 6;

// All in em.
const LANE = { least: 15, most: 36 };
/** From this width on, whole addresses fit. */
const COMPACT = 46;
/** What is beside the lanes: the times, and half a name on each side. */
const WHOLE_SIDES = { time: 5, margin: 6.2 };
const COMPACT_SIDES = { time: 4.5, margin: 3.4 };

/** @param {Room} room */
function sidesOf({ width, em }) {
  return width < COMPACT * em ? COMPACT_SIDES : WHOLE_SIDES;
}

/**
 * The width that the lanes share, in pixels.
 *
 * @param {Room} room
 */
function lanesWidth(room) {
  const { time, margin } = sidesOf(room);
  return Math.max(room.width - (time + 2 * margin) * room.em, 1);
}

/**
 * How many peers can have a lifeline at once.
 *
 * @param {Room} room
 */
export function laneCount(room) {
  const fitting = Math.floor(lanesWidth(room) / (LANE.least * room.em));
  return Math.min(Math.max(fitting, 2), MAX_LANES);
}

/**
 * A server's peers are on both sides of it, the first on the left; a client's
 * only peer, the server, is on its right. For a relay, the server behind it is
 * on the right, and all clients are on the left.
 *
 * @param {number} used
 * @param {Room} room
 */
export function columnsOf(used, room) {
  const { em, isServer, isBetween = false } = room;
  const { time, margin } = sidesOf(room);
  const count = Math.max(used, isBetween ? 2 : 1);
  const left = isBetween
    ? count - 1
    : isServer
    ? Math.ceil(count / 2)
    : Math.floor(count / 2);
  const gap = Math.min(lanesWidth(room) / count, LANE.most * em);
  const start = (lanesWidth(room) - gap * count) / 2;
  const own = start + (time + margin) * em + left * gap;
  const lanes = Array.from({ length: count }, (_, lane) => {
    if (isBetween) return lane === 0 ? own + gap : own - lane * gap;
    const isLeft = (lane % 2 === 0) === isServer;
    const distance = (Math.floor(lane / 2) + 1) * gap;
    return isLeft ? own - distance : own + distance;
  });
  return {
    own,
    lanes,
    time: start + time * em,
    isCompact: sidesOf(room) === COMPACT_SIDES,
  };
}
