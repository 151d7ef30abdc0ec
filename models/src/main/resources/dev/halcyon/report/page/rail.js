/** A rail from 0 to 1 with a nail at the truth, a slider at the answer, and a rubber band between them. */
import { element } from './dom.js';

/** Where a rail's nail, slider and band are, in [0, 1], and how hard the band pulls: truth − answer. */
export function geometry(isTruth, probability) {
  const nail = isTruth ? 1 : 0;
  return { nail, slider: probability, left: Math.min(nail, probability), width: Math.abs(nail - probability),
    pull: nail - probability };
}

/** The track with nail and band; the slider is the caller's own. */
export function makeTrack(slider) {
  const band = element('div', { class: 'band' });
  const nail = element('div', { class: 'nail' });
  return { track: element('div', { class: 'track' }, band, nail, slider), band, nail };
}

/** Puts nail and band where they belong; returns the geometry. */
export function placeBand({ track, band, nail }, isTruth, probability) {
  const placed = geometry(isTruth, probability);
  nail.style.left = `${100 * placed.nail}%`;
  band.style.left = `${100 * placed.left}%`;
  band.style.width = `${100 * placed.width}%`;
  track.style.setProperty('--stretch', placed.width.toFixed(4));
  return placed;
}
