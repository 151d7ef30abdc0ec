/** The probe pictures with their rubber bands: truth, answer, and the pull between them. */
import { element, setText } from './dom.js';
import { percent } from './format.js';
import { makeTrack, placeBand } from './rail.js';

/** The likeliest of the rails: [class, probability]. */
export function likeliest(rails) {
  return rails.reduce((best, rail) => rail[1] > best[1] ? rail : best);
}

function makeRail() {
  const name = element('span');
  const slider = element('div', { class: 'slider' });
  const track = makeTrack(slider);
  return { row: element('div', { class: 'rail' }, name, track.track), name, slider, track };
}

function showRail(rail, label, isTruth, probability) {
  setText(rail.name, label);
  rail.row.classList.toggle('truth', isTruth);
  rail.slider.style.left = `${100 * placeBand(rail.track, isTruth, probability).slider}%`;
}

export class Bands {
  #list;
  #cards = [];

  constructor(list) {
    this.#list = list;
  }

  /** Shows answers, an object {truth, rails: [[class, probability], …]} for each picture. */
  show(answers, classes) {
    if (this.#cards.length !== answers.length) {
      this.#cards = answers.map((answer, i) => this.#card(i, classes[answer.truth]));
      this.#list.replaceChildren(...this.#cards.map(card => card.item));
    }
    answers.forEach((answer, i) => this.#showCard(this.#cards[i], answer, classes));
  }

  #card(index, truth) {
    const rails = element('div', { 'aria-hidden': 'true' });
    const said = element('p', { class: 'said' });
    const picture = element('img', { src: `probe/${index}.png`, alt: `picture ${index + 1}, a ${truth}` });
    return { item: element('li', {}, picture, rails, said), box: rails, rails: [], said };
  }

  #showCard(card, answer, classes) {
    while (card.rails.length < answer.rails.length) {
      const rail = makeRail();
      card.rails.push(rail);
      card.box.append(rail.row);
    }
    answer.rails.forEach(([label, probability], i) =>
      showRail(card.rails[i], classes[label], label === answer.truth, probability));
    const [best, share] = likeliest(answer.rails);
    setText(card.said, best === answer.truth
        ? `${classes[best]}, rightly: ${percent(share)}`
        : `${classes[best]} ${percent(share)}, in truth ${classes[answer.truth]}`);
  }
}
