/** The floors of the network, on the way up and on the way down. */
import { byId, element } from './dom.js';
import { number, percent } from './format.js';
import { activationMap, filterPicture, patch, signedMap } from './maps.js';

/** Contributions with the rest, and their sum: what the page shows adds up to what the channel computed. */
export function addedUp(voice) {
  return voice.contributions.reduce((sum, [, value]) => sum + value, voice.rest);
}

/** A channel's name: the last floor's are the classes. */
const named = (floor, channel) => floor.names?.[channel] ?? `channel ${channel}`;

/** Whether there are places to tell apart. */
const hasPlaces = floor => floor.rows * floor.columns > 1;

function listensTo(floor, voice) {
  const rows = voice.contributions.map(([channel, value]) => element('tr', {},
      element('th', { scope: 'row' }, `channel ${channel}`), element('td', {}, number(value))));
  rows.push(element('tr', {}, element('th', { scope: 'row' }, 'all others and the bias'), element('td', {}, number(voice.rest))));
  rows.push(element('tr', { class: 'truth' }, element('th', { scope: 'row' }, 'together'),
      element('td', { 'data-value': String(addedUp(voice)) }, number(addedUp(voice)))));
  return element('table', { class: 'contributions' },
      element('caption', {}, `What ${named(floor, voice.channel)} hears${hasPlaces(floor) ? ' at its loudest place' : ''}`),
      element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, 'from'),
          element('th', { scope: 'col' }, 'activation × weight'))), element('tbody', {}, ...rows));
}

function voiceButton(floor, voice, picture, show) {
  const name = named(floor, voice.channel);
  const pictures = [];
  if (hasPlaces(floor)) {
    pictures.push(activationMap(voice.map, `where ${name} is active`),
        patch(picture, voice.patch, `the part of the picture that excites ${name} most`));
  }
  if (voice.filter) {
    pictures.push(filterPicture(voice.filter, `the filter of ${name}`));
  }
  const button = element('button', { type: 'button', class: 'channel', 'aria-expanded': 'false' },
      element('span', { class: 'maps' }, ...pictures), `${name}: ${number(voice.activation)}`);
  button.addEventListener('click', () => show(voice, button));
  return button;
}

function title(floor) {
  const size = !hasPlaces(floor) ? '' : ` of ${floor.rows}×${floor.columns}`;
  return `${floor.name}: ${floor.kind}, ${floor.channels} channels${size}`;
}

function upwards(floor, picture) {
  const listens = element('div', { class: 'listens', 'aria-live': 'polite' });
  const buttons = floor.loudest.map(voice => voiceButton(floor, voice, picture, (chosen, button) => {
    const open = button.getAttribute('aria-expanded') === 'true';
    buttons.forEach(other => other.setAttribute('aria-expanded', String(other === button && !open)));
    listens.replaceChildren(...(open ? [] : [listensTo(floor, chosen)]));
  }));
  return element('details', { class: 'floor', open: '' }, element('summary', {}, title(floor)),
      element('ul', { class: 'channels' }, ...buttons.map(button => element('li', {}, button))), listens);
}

function told(pull) {
  return pull < 0 ? element('span', { class: 'louder' }, 'be louder')
      : pull > 0 ? element('span', { class: 'quieter' }, 'be quieter') : 'stay';
}

function downwards(floor) {
  const channels = floor.blamed.channels.map(({ channel, share, pull, map }) => element('li', { class: 'channel' },
      ...(hasPlaces(floor) ? [signedMap(map, `the gradient on ${named(floor, channel)}`)] : []), named(floor, channel),
      element('span', { class: 'share', 'data-value': String(share) }, percent(share)), told(pull)));
  const others = floor.channels - channels.length;
  if (others > 0) {
    channels.push(element('li', { class: 'channel' }, `${others} others`,
        element('span', { class: 'share', 'data-value': String(floor.blamed.rest) }, percent(floor.blamed.rest))));
  }
  return element('details', { class: 'floor', open: '' }, element('summary', {}, title(floor)),
      element('ul', { class: 'channels' }, ...channels));
}

/** Fills both ways; downwards the last floor comes first. */
export function showFloors(floors, picture) {
  byId('forward').replaceChildren(...floors.map(floor => upwards(floor, picture)));
  byId('backward').replaceChildren(...floors.map(downwards).reverse());
}
