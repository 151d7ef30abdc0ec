/** Whom a channel hears: every report counts as activation × weight, and all of them add up. */
import { element } from './dom.js';
import { number } from './format.js';

/** All terms of a channel's sum as [name, value]: the loudest reports, the other ones together, what else is added. */
export function terms(floor, voice) {
  const listed = voice.contributions.map(([channel, value]) => [inputName(floor, channel), value]);
  if (floor.inputs > listed.length) {
    listed.push(['all others', voice.others]);
  }
  if (voice.shortcut !== 0) {
    listed.push(['the block’s shortcut', voice.shortcut]);
  }
  listed.push(['bias', voice.bias]);
  return listed;
}

/** The terms added up. */
export const addedUp = (floor, voice) => terms(floor, voice).reduce((sum, [, value]) => sum + value, 0);

/** A channel's name. */
export const channelName = (floor, channel) => floor.names?.[channel] ?? `channel ${channel}`;

function inputName(floor, channel) {
  return floor.inputNames?.[channel] ?? `input ${channel}`;
}

/** A bar from the middle to the right for what speaks for, to the left for what speaks against. */
function bar(value, largest) {
  const drawn = element('span', { class: value >= 0 ? 'for' : 'against' });
  drawn.style.width = `${(50 * Math.abs(value) / largest).toFixed(1)}%`;
  return element('td', { class: 'bar', 'aria-hidden': 'true' }, drawn);
}

function row(kind, name, drawn, value, exact) {
  return element('tr', { class: kind }, element('th', { scope: 'row' }, name), drawn,
      element('td', exact === undefined ? {} : { 'data-value': String(exact) }, number(value)));
}

/** The terms as a table. */
export function contributionTable(floor, voice, where) {
  const listed = terms(floor, voice);
  const largest = Math.max(1e-30, ...listed.map(([, value]) => Math.abs(value)));
  const sum = addedUp(floor, voice);
  const rows = listed.map(([name, value]) => row('term', name, bar(value, largest), value, value));
  rows.push(row('together', 'together', element('td'), sum, sum));
  if (floor.function !== 'identity') {
    rows.push(row('after', `after ${floor.function}`, element('td'), voice.activation, voice.activation));
  }
  return element('table', { class: 'contributions' },
      element('caption', {}, `Whom ${channelName(floor, voice.channel)} hears${where}`),
      element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, 'from'),
          element('td'), element('th', { scope: 'col' }, 'activation × weight'))), element('tbody', {}, ...rows));
}
