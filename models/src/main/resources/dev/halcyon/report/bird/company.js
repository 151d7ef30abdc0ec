/** A network drawn as a company: the picture at the bottom, floors of channels above it, the answers at the top. */
import { channelName } from './contributions.js';
import { element } from './dom.js';
import { number, percent } from './format.js';
import { activationMap } from './maps.js';

const SVG = 'http://www.w3.org/2000/svg';
const THINNEST = 0.6;
const THICKEST = 5;

/** The lines of a floor: [from, to, value] for each report, and how thick it is as a share of the thickest, in [0, 1]. */
export function reports(floor) {
  const all = floor.loudest.flatMap(voice => voice.contributions.map(([from, value]) => ({ from, to: voice.channel, value })));
  const largest = Math.max(1e-30, ...all.map(({ value }) => Math.abs(value)));
  return all.map(report => ({ ...report, share: Math.abs(report.value) / largest }));
}

/** A curve from the top of one box to the bottom of another. */
export function curve([x1, y1], [x2, y2]) {
  const middle = (y1 + y2) / 2;
  return `M${x1.toFixed(1)} ${y1.toFixed(1)}C${x1.toFixed(1)} ${middle.toFixed(1)} ${x2.toFixed(1)} ${middle.toFixed(1)} ${x2.toFixed(1)} ${y2.toFixed(1)}`;
}

export class Company {
  #box;
  #choose;
  #lines = document.createElementNS(SVG, 'svg');
  #nodes = [];
  #floors = [];

  /** Draws into a box; choose is told of the floor and channel that somebody clicks on. */
  constructor(box, choose) {
    this.#box = box;
    this.#choose = choose;
    this.#lines.setAttribute('aria-hidden', 'true');
    new ResizeObserver(() => this.#draw()).observe(box);
  }

  /** Shows the floors of a passage, and chooses the loudest channel of a floor. */
  show(floors, probabilities, picture, floorToChoose) {
    this.#floors = floors;
    this.#nodes = floors.map((floor, level) => floor.loudest.toSorted((a, b) => a.channel - b.channel)
        .map(voice => this.#node(floor, level, voice, level === floors.length - 1 ? probabilities[voice.channel] : undefined)));
    const rows = this.#nodes.map((nodes, level) =>
      element('ul', { class: 'floor-row', 'aria-label': floors[level].name }, ...nodes.map(node => element('li', {}, node))));
    const ground = element('img', { class: 'ground', src: picture.src, alt: 'the picture' });
    this.#box.replaceChildren(this.#lines, ...rows.reverse(), ground);
    const level = floorToChoose ?? floors.length - 2;
    this.#pick(level, floors[level].loudest[0].channel);
  }

  #node(floor, level, voice, probability) {
    const name = channelName(floor, voice.channel);
    const says = probability === undefined ? number(voice.activation) : percent(probability);
    const maps = probability === undefined ? [activationMap(voice.map, `where ${name} is loud`)] : [];
    const node = element('button', { type: 'button', class: 'person', 'aria-pressed': 'false', 'data-channel': String(voice.channel) },
        ...maps, element('span', {}, name), element('b', {}, says));
    node.style.setProperty('--loud', String(probability ?? Math.min(1, Math.max(0, voice.activation) / 6)));
    node.addEventListener('click', () => this.#pick(level, voice.channel));
    return node;
  }

  #pick(level, channel) {
    this.#nodes.flat().forEach(node => node.setAttribute('aria-pressed', 'false'));
    this.#nodeOf(level, channel).setAttribute('aria-pressed', 'true');
    const floor = this.#floors[level];
    this.#draw(level, channel);
    this.#choose(floor, floor.loudest.find(voice => voice.channel === channel));
  }

  #nodeOf(level, channel) {
    return this.#nodes[level].find(node => node.dataset.channel === String(channel));
  }

  /** Draws the lines where the boxes are; those that lead to the chosen one stand out. */
  #draw(level = this.#level, channel = this.#channel) {
    this.#level = level;
    this.#channel = channel;
    const frame = this.#box.getBoundingClientRect();
    const at = (node, side) => {
      const { left, width, top, bottom } = node.getBoundingClientRect();
      return [left + width / 2 - frame.left, (side === 'top' ? top : bottom) - frame.top];
    };
    this.#lines.replaceChildren(...this.#floors.flatMap((floor, upper) => reports(floor).map(({ from, to, value, share }) => {
      const below = upper === 0 ? this.#box.querySelector('.ground') : this.#nodeOf(upper - 1, from);
      const path = document.createElementNS(SVG, 'path');
      path.setAttribute('d', curve(at(below, 'top'), at(this.#nodeOf(upper, to), 'bottom')));
      const chosen = upper === level && to === channel;
      path.setAttribute('class', `${value > 0 ? 'for' : 'against'}${chosen ? ' chosen' : ''}`);
      path.setAttribute('stroke-width', (THINNEST + (THICKEST - THINNEST) * share).toFixed(2));
      path.setAttribute('stroke-opacity', (chosen ? 0.35 + 0.65 * share : 0.06 + 0.3 * share).toFixed(3));
      return path;
    })));
  }

  #level = 0;
  #channel = 0;
}
