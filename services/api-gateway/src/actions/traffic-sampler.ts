import {
  countRequest,
  emptyTraffic,
  SAMPLE_MS,
  type ServiceName,
  serviceNames,
  type Traffic,
  type TrafficSample,
} from '../domain/traffic.ts';

/**
 * Counts what passes through this instance, and cuts it into samples. Counting is all that a request pays for; cutting
 * and writing go on behind.
 */
export class TrafficSampler {
  #began: number;
  #tallies: Record<ServiceName, Traffic> = blank();

  constructor(now: number) {
    this.#began = beginOf(now);
  }

  /** `milliseconds`: until the answer began; undefined for what was asked to wait. */
  record(service: ServiceName, status: number, milliseconds: number | undefined): void {
    countRequest(this.#tallies[service], status, milliseconds);
  }

  /** The samples that are over by `now`, or, when the instance stops, all there is. Those in which nothing passed are left out. */
  flushSample(now: number, o: { unfinished: boolean }): TrafficSample[] {
    const began = this.#began;
    if (beginOf(now) === began && !o.unfinished) return [];
    const tallies = this.#tallies;
    this.#tallies = blank();
    this.#began = beginOf(now);
    return serviceNames
      .filter((service) => tallies[service].requests > 0)
      .map((service) => ({ at: new Date(began), service, ...tallies[service] }));
  }
}

const beginOf = (now: number): number => Math.floor(now / SAMPLE_MS) * SAMPLE_MS;

const blank = (): Record<ServiceName, Traffic> =>
  // as: it has a key for each name.
  Object.fromEntries(serviceNames.map((name) => [name, emptyTraffic()])) as Record<ServiceName, Traffic>;
