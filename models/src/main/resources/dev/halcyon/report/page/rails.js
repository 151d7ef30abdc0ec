/** The rails of all classes, whose sliders can be moved, and what that does to the loss and the pulls. */
import { element, setText } from './dom.js';
import { number, probability } from './format.js';
import { geometry, makeTrack, placeBand } from './rail.js';

const MOST_RAILS = 10;

/** Cross-entropy: −log of the true class's probability. */
export const loss = (probabilities, truth) => Math.max(0, -Math.log(probabilities[truth]));

/** How hard each band pulls: truth − answer, the negative gradient of the loss at the outputs. */
export const pulls = (probabilities, truth) => probabilities.map((p, label) => geometry(label === truth, p).pull);

/** The answers with one of them moved to a value; the others keep their proportions, and all add up to 1. */
export function moved(probabilities, label, value) {
  // their sum, not 1 - p: answers in single precision add up to 1 to seven places
  const others = probabilities.reduce((sum, p, i) => i === label ? sum : sum + p, 0);
  return probabilities.map((p, i) => {
    if (i === label) {
      return value;
    }
    return others > 0 ? p * (1 - value) / others : (1 - value) / (probabilities.length - 1);
  });
}

/** The labels to show: the truth and the likeliest others, in the classes' order. */
export function shown(probabilities, truth) {
  return [...probabilities.keys()].sort((a, b) => (b === truth) - (a === truth) || probabilities[b] - probabilities[a])
      .slice(0, MOST_RAILS).sort((a, b) => a - b);
}

/** Fills a box with rails, the loss below them, and a button that moves the sliders back. */
export class Rails {
  #box;
  #truth;
  #original;
  #probabilities;
  #rails;
  #loss = element('output', { class: 'loss' });

  constructor(box) {
    this.#box = box;
  }

  /** Shows the answers to a picture. */
  show({ probabilities, truth, classes }) {
    this.#truth = truth;
    this.#original = probabilities;
    this.#rails = shown(probabilities, truth).map(label => this.#rail(label, classes[label]));
    const back = element('button', { type: 'button', class: 'reset' }, 'As the network answered');
    back.addEventListener('click', () => this.#move(this.#original));
    this.#box.replaceChildren(...this.#rails.map(rail => rail.row),
        element('p', { class: 'below' }, 'Loss: ', this.#loss, back));
    this.#move(probabilities);
  }

  #rail(label, name) {
    const id = `${this.#box.id}-${label}`;
    const slider = element('input', { id, type: 'range', min: '0', max: '1', step: '0.001' });
    const told = element('output', { for: id });
    slider.addEventListener('input', () => this.#move(moved(this.#probabilities, label, Number(slider.value))));
    const track = makeTrack(slider);
    const row = element('div', { class: 'rail' },
        element('label', { for: id, class: label === this.#truth ? 'truth' : '' }, name), track.track, told);
    return { label, row, track, slider, told };
  }

  #move(probabilities) {
    this.#probabilities = probabilities;
    for (const { label, track, slider, told } of this.#rails) {
      const { slider: answer, pull } = placeBand(track, label === this.#truth, probabilities[label]);
      slider.value = String(answer);
      told.dataset.pull = String(pull);
      setText(told, `${probability(answer)}, pull ${probability(pull)}`);
    }
    const value = loss(probabilities, this.#truth);
    this.#loss.dataset.value = String(value);
    setText(this.#loss, number(value));
  }
}
