/** What was taken for what after each epoch. */
import { byId, element, setText } from './dom.js';

/** The share of its row that each count is; 0 in an empty row. */
export function shares(counts) {
  return counts.map(row => {
    const sum = row.reduce((a, b) => a + b, 0);
    return row.map(count => sum === 0 ? 0 : count / sum);
  });
}

export class Confusion {
  #matrices = [];
  #classes = [];
  #followsNewest = true;

  constructor() {
    byId('confusion-epoch').addEventListener('input', event => {
      this.#followsNewest = Number(event.target.value) === this.#matrices.length - 1;
      this.#draw();
    });
  }

  /** Replaces everything; each matrix is {epoch, classes, counts}. */
  replace(matrices) {
    this.#matrices = matrices;
    this.#refresh();
  }

  names(classes) {
    this.#classes = classes;
    this.#refresh();
  }

  add(matrix) {
    this.#matrices = [...this.#matrices, matrix];
    this.#refresh();
  }

  #refresh() {
    const slider = byId('confusion-epoch');
    slider.max = String(Math.max(0, this.#matrices.length - 1));
    if (this.#followsNewest) {
      slider.value = slider.max;
    }
    this.#draw();
  }

  #draw() {
    const matrix = this.#matrices[Number(byId('confusion-epoch').value)];
    byId('confusion-section').hidden = !matrix || this.#classes.length === 0;
    if (byId('confusion-section').hidden) {
      return;
    }
    setText(byId('confusion-number'), String(matrix.epoch));
    const names = matrix.classes.map(label => this.#classes[label]);
    const share = shares(matrix.counts);
    const head = element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, 'truth ↓ answer →'),
        ...names.map(name => element('th', { scope: 'col' }, name))));
    const body = element('tbody', {}, ...matrix.counts.map((row, truth) => element('tr', {},
        element('th', { scope: 'row' }, names[truth]), ...row.map((count, answer) => {
          const cell = element('td', truth === answer ? { class: 'hit' } : {}, String(count));
          cell.style.backgroundColor = `rgb(var(--cell) / ${(0.6 * share[truth][answer]).toFixed(3)})`;
          return cell;
        }))));
    byId('confusion').replaceChildren(head, body);
  }
}
