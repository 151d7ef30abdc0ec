/** The curves over the epochs: loss, top-1, learning rate, throughput, memory. */
import uPlot from './uplot.js';
import { byId, element, setText } from './dom.js';
import { number, percent } from './format.js';
import { thinned } from './thinning.js';

const MOST_POINTS = 4000;
const HEIGHT = 190;

/** Columns of a point, as the server sends it. */
const EPOCH = 0, LOSS = 1, TOP1 = 2, RATE = 3, SPEED = 4, DEVICE = 5, HEAP = 6;

const CHARTS = [
  { title: 'Loss', form: number, lines: [['training', '--train', LOSS], ['validation', '--val', 'val_loss']] },
  { title: 'Top-1', form: percent, lines: [['training', '--train', TOP1], ['validation', '--val', 'val_top1']] },
  { title: 'Learning rate', form: number, lines: [['rate', '--train', RATE]] },
  { title: 'Throughput', form: number, lines: [['images per second', '--train', SPEED]] },
  { title: 'Memory', form: value => `${number(value)} MiB`, lines: [['device', '--train', DEVICE], ['Java heap', '--val', HEAP]] },
];

/**
 * The rows of uPlot's data for one chart: x, then a row for each line. Points and epochs lie at different places, where
 * the other has nothing.
 */
export function rows(points, epochs, lines) {
  const ofPoints = lines.filter(([, , source]) => typeof source === 'number');
  const ofEpochs = lines.filter(([, , source]) => typeof source === 'string');
  const tables = [[points.map(point => point[EPOCH]), ...ofPoints.map(([, , column]) => points.map(point => point[column]))]];
  if (ofEpochs.length > 0) {
    tables.push([epochs.map(epoch => epoch.epoch), ...ofEpochs.map(([, , key]) => epochs.map(epoch => epoch[key]))]);
  }
  return uPlot.join(tables);
}

/** The newest value of a line, or null. */
export function newest(points, epochs, source) {
  return (typeof source === 'number' ? points.at(-1)?.[source] : epochs.at(-1)?.[source]) ?? null;
}

export class Curves {
  #points = [];
  #epochs = [];
  #charts = [];
  #drawing = false;

  constructor(container) {
    for (const chart of CHARTS) {
      const values = chart.lines.map(([name, color]) => {
        const value = element('span', {}, name);
        value.style.setProperty('--mark', `var(${color})`);
        return value;
      });
      const plot = element('div');
      container.append(element('figure', { class: 'curve' }, element('figcaption', {}, chart.title, ...values), plot));
      this.#charts.push({ ...chart, values, plot, uplot: null });
    }
    this.#make();
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#make());
    new ResizeObserver(() => this.#resize()).observe(container);
  }

  /** Replaces everything. */
  replace(points, epochs) {
    this.#points = points;
    this.#epochs = epochs;
    this.#redraw();
  }

  addPoint(point) {
    this.#points = thinned([...this.#points, point], MOST_POINTS);
    this.#redraw();
  }

  addEpoch(epoch) {
    this.#epochs = [...this.#epochs, epoch];
    this.#redraw();
  }

  #make() {
    const style = getComputedStyle(document.documentElement);
    const color = name => style.getPropertyValue(name).trim();
    const axis = () => ({ stroke: color('--quiet'), grid: { stroke: color('--line'), width: 1 }, ticks: { show: false },
      font: '11px system-ui' });
    for (const chart of this.#charts) {
      chart.uplot?.destroy();
      const series = chart.lines.map(([name, line, source]) => ({
        label: name, stroke: color(line), width: 1.5, spanGaps: true,
        points: { show: typeof source === 'string', size: 5 },
      }));
      chart.uplot = new uPlot({
        width: this.#width(chart), height: HEIGHT, legend: { show: false }, cursor: { y: false },
        scales: { x: { time: false } }, series: [{}, ...series],
        axes: [{ ...axis(), size: 30 }, { ...axis(), size: 56, values: (_, splits) => splits.map(split => split === null ? '' : number(split)) }],
      }, this.#data(chart), chart.plot);
      chart.plot.setAttribute('role', 'img');
    }
    this.#redraw();
  }

  #data(chart) {
    return rows(this.#points, this.#epochs, chart.lines);
  }

  #width(chart) {
    return Math.max(200, chart.plot.clientWidth);
  }

  #resize() {
    for (const chart of this.#charts) {
      chart.uplot.setSize({ width: this.#width(chart), height: HEIGHT });
    }
  }

  /** Draws once a frame at most, and not at all while nobody sees the page. */
  #redraw() {
    if (this.#drawing) {
      return;
    }
    this.#drawing = true;
    requestAnimationFrame(() => {
      this.#drawing = false;
      for (const chart of this.#charts) {
        chart.uplot.setData(this.#data(chart));
        chart.lines.forEach(([name, , source], i) =>
          setText(chart.values[i], `${name} ${chart.form(newest(this.#points, this.#epochs, source))}`));
        chart.plot.setAttribute('aria-label',
            `${chart.title} over the epochs: ${chart.values.map(value => value.textContent).join(', ')}`);
      }
    });
  }
}

/** The same epochs as a table. */
export function showEpochs(epochs) {
  byId('epochs').tBodies[0].replaceChildren(...epochs.map(epoch => element('tr', {},
      element('th', { scope: 'row' }, String(epoch.epoch)), element('td', {}, number(epoch.train_loss)),
      element('td', {}, number(epoch.val_loss)), element('td', {}, percent(epoch.val_top1)),
      element('td', {}, number(epoch.seconds)))));
}
