/** The buttons: pause, stop after this epoch, learning rate. */
import { byId, setText } from './dom.js';
import { number } from './format.js';

/** Asks the server to do something; returns what is wrong with it, or an empty text. */
async function command(body) {
  try {
    const response = await fetch('control', { method: 'POST', body: JSON.stringify(body) });
    return response.ok ? '' : await response.text();
  } catch {
    return 'the server cannot be reached';
  }
}

export class Controls {
  #state = { paused: false, stop_after_epoch: false, rate_factor: 1 };

  constructor() {
    byId('pause').addEventListener('click', () => this.#do({ action: this.#state.paused ? 'proceed' : 'pause' }));
    byId('stop').addEventListener('click', () =>
      this.#do({ action: this.#state.stop_after_epoch ? 'go-on-after-epoch' : 'stop-after-epoch' }));
    byId('halve').addEventListener('click', () => this.#rate(this.#state.rate_factor / 2));
    byId('double').addEventListener('click', () => this.#rate(this.#state.rate_factor * 2));
    byId('factor').addEventListener('change', event => this.#rate(event.target.valueAsNumber));
  }

  #rate(factor) {
    return this.#do({ action: 'rate', factor });
  }

  async #do(body) {
    const problem = await command(body);
    if (problem) {
      setText(byId('answer'), problem);
      byId('factor').value = String(this.#state.rate_factor);
    }
  }

  /** Shows {paused, stop_after_epoch, rate_factor} as the server has it now. */
  show(state) {
    this.#state = state;
    byId('pause').setAttribute('aria-pressed', String(state.paused));
    setText(byId('pause'), state.paused ? 'Resume' : 'Pause');
    byId('stop').setAttribute('aria-pressed', String(state.stop_after_epoch));
    byId('factor').value = String(Number(state.rate_factor.toPrecision(4)));
    const words = [];
    if (state.paused) {
      words.push('paused');
    }
    if (state.stop_after_epoch) {
      words.push('will stop after this epoch');
    }
    if (state.rate_factor !== 1) {
      words.push(`learning rate is ${number(state.rate_factor)} × the schedule's`);
    }
    setText(byId('answer'), words.join('; '));
  }

  /** There is nothing to steer any more. */
  disable() {
    for (const control of byId('controls').querySelectorAll('button, input')) {
      control.disabled = true;
    }
  }
}
