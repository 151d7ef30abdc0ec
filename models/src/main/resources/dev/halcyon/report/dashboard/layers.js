/** How each layer's weights, gradients and updates are spread. */
import { byId, element, setText } from './dom.js';
import { number } from './format.js';

const SVG = 'http://www.w3.org/2000/svg';

/** The outline of a histogram as a path in a box of counts.length × 1, the largest bin reaching the top. */
export function outline(counts) {
  const largest = Math.max(1, ...counts);
  return `M0 1${counts.map((count, i) => {
    const top = Number((1 - count / largest).toFixed(3));
    return `L${i} ${top}L${i + 1} ${top}`;
  }).join('')}L${counts.length} 1Z`;
}

/** A histogram in words. */
export function inWords({ low, high, counts }) {
  const largest = counts.indexOf(Math.max(...counts));
  const middle = low + (high - low) * (largest + 0.5) / counts.length;
  return `from ${number(low)} to ${number(high)}, most near ${number(middle)}`;
}

function makeHistogram() {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('role', 'img');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('fill', 'currentColor');
  svg.append(path);
  const low = element('span');
  const high = element('span');
  const cell = element('td', {}, svg, element('small', { 'aria-hidden': 'true' }, low, high));
  return { svg, path, low, high, cell };
}

function showHistogram(view, histogram) {
  view.svg.setAttribute('viewBox', `0 0 ${histogram.counts.length} 1`);
  view.svg.setAttribute('aria-label', inWords(histogram));
  view.path.setAttribute('d', outline(histogram.counts));
  setText(view.low, number(histogram.low));
  setText(view.high, number(histogram.high));
}

export class Layers {
  #rows = new Map();

  /** Shows {name, shape, weights, gradients, ratios, ratio} for each layer. */
  show(layers) {
    if (layers.length !== this.#rows.size || layers.some(layer => !this.#rows.has(layer.name))) {
      this.#rows = new Map(layers.map(layer => [layer.name, this.#row(layer)]));
      byId('layers').tBodies[0].replaceChildren(...[...this.#rows.values()].map(row => row.row));
    }
    for (const layer of layers) {
      const row = this.#rows.get(layer.name);
      showHistogram(row.weights, layer.weights);
      showHistogram(row.gradients, layer.gradients);
      showHistogram(row.ratios, layer.ratios);
      setText(row.ratio, number(layer.ratio));
    }
  }

  #row(layer) {
    const [weights, gradients, ratios] = [makeHistogram(), makeHistogram(), makeHistogram()];
    const ratio = element('td');
    const name = element('th', { scope: 'row' }, layer.name, element('br'), element('span', { class: 'quiet' }, layer.shape));
    return { row: element('tr', {}, name, weights.cell, gradients.cell, ratios.cell, ratio), weights, gradients, ratios, ratio };
  }
}
