/** The floors of a network, on the way up and on the way down. */
import { element } from './dom.js';
import { channelName, contributionTable } from './contributions.js';
import { number, percent } from './format.js';
import { activationMap, filterPicture, patch, signedMap } from './maps.js';

const COLOURS = { 1: ['the picture'], 3: ['red', 'green', 'blue'] };

/** Whether there are places to tell apart. */
const hasPlaces = floor => floor.rows * floor.columns > 1;

/** Gives the floors' inputs the names of the channels below, and the last floor's channels those of the classes. */
export function nameChannels(floors, classes) {
  return floors.map((floor, i) => {
    const below = floors[i - 1];
    const names = i === floors.length - 1 ? classes : floor.names;
    if (!below) {
      return { ...floor, names, inputNames: COLOURS[floor.inputs] };
    }
    const same = floor.inputs === below.channels;
    return { ...floor, names,
      inputNames: same ? Array.from({ length: floor.inputs }, (_, channel) => channelName(below, channel)) : undefined };
  });
}

/** What there is to see of a channel: where it is active, what excites it most, its filter. */
export function channelPictures(floor, voice, picture) {
  const name = channelName(floor, voice.channel);
  const pictures = [];
  if (hasPlaces(floor)) {
    pictures.push(activationMap(voice.map, `where ${name} is active`),
        patch(picture, voice.patch, `the part of the picture that excites ${name} most`));
  }
  if (voice.filter) {
    pictures.push(filterPicture(voice.filter, `the filter of ${name}`));
  }
  return pictures;
}

/** The terms of a channel's value at the place where it is loudest. */
export function listensTo(floor, voice) {
  return contributionTable(floor, voice, hasPlaces(floor) ? ' where it is loudest' : '');
}

function voiceButton(floor, voice, picture, show) {
  const button = element('button', { type: 'button', class: 'channel', 'aria-expanded': 'false' },
      element('span', { class: 'maps' }, ...channelPictures(floor, voice, picture)),
      element('span', {}, channelName(floor, voice.channel), ' '), element('b', {}, number(voice.activation)));
  button.addEventListener('click', () => show(voice, button));
  return button;
}

function title(floor) {
  const size = hasPlaces(floor) ? ` of ${floor.rows}×${floor.columns}` : '';
  const name = /^\d/.test(floor.name) ? `layer ${floor.name}` : floor.name;
  return element('summary', {}, element('b', {}, name), ` ${floor.kind}; ${floor.channels} channels${size}`);
}

function upwards(floor, picture) {
  const listens = element('div', { class: 'listens', 'aria-live': 'polite' });
  const buttons = floor.loudest.map(voice => voiceButton(floor, voice, picture, (chosen, button) => {
    const open = button.getAttribute('aria-expanded') === 'true';
    buttons.forEach(other => other.setAttribute('aria-expanded', String(other === button && !open)));
    listens.replaceChildren(...(open ? [] : [listensTo(floor, chosen)]));
  }));
  return element('details', { class: 'floor', open: '' }, title(floor),
      element('ul', { class: 'channels' }, ...buttons.map(button => element('li', {}, button))), listens);
}

/** What the gradient tells a channel. */
export function told(pull) {
  return pull < 0 ? element('span', { class: 'louder' }, '▲ be louder')
      : pull > 0 ? element('span', { class: 'quieter' }, '▼ be quieter') : element('span', {}, 'stay');
}

function shareOf(share, largest) {
  const drawn = element('span', { class: 'meter', 'aria-hidden': 'true' });
  drawn.style.width = `${(100 * share / largest).toFixed(1)}%`;
  return element('span', { class: 'share', 'data-value': String(share) }, percent(share), drawn);
}

function downwards(floor) {
  const { channels, rest } = floor.blamed;
  if (channels.every(({ share }) => share === 0)) {
    return element('details', { class: 'floor', open: '' }, title(floor),
        element('p', { class: 'quiet' }, 'Nobody is blamed: the gradient is 0.'));
  }
  const largest = channels[0].share;
  const cards = channels.map(({ channel, share, pull, map }) => element('li', { class: 'channel', 'data-channel': String(channel) },
      ...(hasPlaces(floor) ? [signedMap(map, `the gradient on ${channelName(floor, channel)}`)] : []),
      channelName(floor, channel), shareOf(share, largest), element('span', { 'data-pull': String(pull) }, told(pull))));
  const made = element('details', { class: 'floor', open: '' }, title(floor), element('ul', { class: 'channels' }, ...cards));
  const others = floor.channels - cards.length;
  if (others > 0) {
    made.append(element('p', { class: 'others' }, `${others} others together: `,
        element('b', { class: 'share', 'data-value': String(rest) }, percent(rest))));
  }
  return made;
}

/** Fills a box with the floors from the picture upwards. */
export function showForward(box, floors, picture) {
  box.replaceChildren(...floors.map(floor => upwards(floor, picture)));
}

/** Fills a box with the floors from the answers downwards. */
export function showBackward(box, floors) {
  box.replaceChildren(...floors.map(downwards).reverse());
}
