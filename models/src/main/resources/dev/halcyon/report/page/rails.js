/** The rails with their rubber bands, and what happens when a slider is moved. */
import { byId, element, setText } from './dom.js';
import { number } from './format.js';

const MOST_RAILS = 10;
const THINNEST = 3;
const THICKEST = 14;

/** Cross-entropy: −log of the true class's probability. */
export const loss = (probabilities, truth) => -Math.log(probabilities[truth]);

/** How hard each band pulls: truth − answer, the negative gradient of the loss at the outputs. */
export const pulls = (probabilities, truth) => probabilities.map((p, label) => (label === truth ? 1 : 0) - p);

/** The answers with one of them moved to a value; the others keep their proportions, and all add up to 1. */
export function moved(probabilities, label, value) {
  const others = 1 - probabilities[label];
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

export class Rails {
  #truth;
  #original;
  #probabilities;
  #rails;

  constructor({ probabilities, truth, classes }) {
    this.#truth = truth;
    this.#original = probabilities;
    this.#probabilities = probabilities;
    this.#rails = shown(probabilities, truth).map(label => this.#rail(label, classes[label]));
    byId('rails').replaceChildren(...this.#rails.map(rail => rail.row));
    byId('reset').addEventListener('click', () => this.#show(this.#original));
    this.#show(probabilities);
  }

  #rail(label, name) {
    const id = `rail-${label}`;
    const band = element('div', { class: 'band' });
    const nail = element('div', { class: 'nail' });
    const slider = element('input', { id, type: 'range', min: '0', max: '1', step: '0.001' });
    const told = element('output', { for: id });
    slider.addEventListener('input', () => this.#show(moved(this.#probabilities, label, Number(slider.value))));
    nail.style.left = label === this.#truth ? '100%' : '0';
    const row = element('div', { class: 'rail' },
        element('label', { for: id, class: label === this.#truth ? 'truth' : '' }, name),
        element('div', { class: 'track' }, band, nail, slider), told);
    return { label, row, band, slider, told };
  }

  #show(probabilities) {
    this.#probabilities = probabilities;
    const forces = pulls(probabilities, this.#truth);
    for (const { label, band, slider, told } of this.#rails) {
      const p = probabilities[label];
      const stretch = Math.abs(forces[label]);
      slider.value = String(p);
      band.style.left = `${100 * Math.min(p, p + forces[label])}%`;
      band.style.width = `${100 * stretch}%`;
      band.style.height = `${THINNEST + (THICKEST - THINNEST) * stretch}px`;
      band.style.opacity = String(0.35 + 0.65 * stretch);
      setText(told, `${number(p)}, pull ${number(forces[label])}`);
    }
    setText(byId('loss'), number(loss(probabilities, this.#truth)));
  }
}
