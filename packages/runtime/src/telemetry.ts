import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  type ContextManager,
  context,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  type TextMapPropagator,
  trace,
} from '@opentelemetry/api';
import { formatTraceparent, parseTraceparent } from '@tradepost/messaging/trace-context';
import type { Logger } from 'pino';
import type { CommonSettings } from './common-settings.ts';

/** What of the settings decides about traces. */
export type TelemetrySettings = Partial<
  Pick<
    CommonSettings,
    | 'OTEL_SERVICE_NAME'
    | 'OTEL_SDK_DISABLED'
    | 'OTEL_TRACES_EXPORTER'
    | 'OTEL_TRACES_SAMPLER_ARG'
    | 'OTEL_EXPORTER_OTLP_ENDPOINT'
    | 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'
  >
>;

/** Traces that are being exported, or not. */
export type Telemetry = {
  /** Exports what is left. Does not reject. */
  stop(): Promise<void>;
};

/**
 * Lets trace context follow requests and messages through this process. OpenTelemetry keeps one context manager and one
 * propagator per process; calling this again changes nothing.
 */
export function installTraceContext(): void {
  context.setGlobalContextManager(createContextManager());
  propagation.setGlobalPropagator(w3cPropagator);
}

/**
 * Starts to export traces over OTLP/HTTP, if an endpoint is set. The SDK is loaded only then: without an exporter it
 * would cost start-up time and memory for nothing, and ids are made and passed on all the same.
 */
export async function startTelemetry(o: {
  name: string;
  settings: TelemetrySettings;
  log: Logger;
}): Promise<Telemetry> {
  installTraceContext();
  const url = tracesUrl(o.settings);
  if (url === undefined) return { stop: async () => undefined };
  const [sdk, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const ratio = o.settings.OTEL_TRACES_SAMPLER_ARG ?? 1;
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ 'service.name': o.settings.OTEL_SERVICE_NAME ?? o.name }),
    // Whoever began the trace has decided about it; the gateway decides by the ratio.
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url }) })],
  });
  trace.setGlobalTracerProvider(provider);
  o.log.info({ url }, 'exporting traces');
  return {
    async stop() {
      await provider.shutdown().catch((err: unknown) => o.log.warn({ err }, 'the last traces could not be exported'));
    },
  };
}

/** Where traces go, by the rules of https://opentelemetry.io/docs/specs/otel/protocol/exporter/ */
export function tracesUrl(settings: TelemetrySettings): string | undefined {
  if (settings.OTEL_SDK_DISABLED || settings.OTEL_TRACES_EXPORTER === 'none') return undefined;
  if (settings.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) return settings.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT;
  const endpoint = settings.OTEL_EXPORTER_OTLP_ENDPOINT;
  return endpoint && `${endpoint.replace(/(?<!\/)\/+$/, '')}/v1/traces`;
}

function createContextManager(): ContextManager {
  const storage = new AsyncLocalStorage<Context>();
  const manager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    // OpenTelemetry hands over its own `this` and arguments, which `run` passes on as they are.
    with: (active, fn, thisArg, ...args) => storage.run(active, () => fn.apply(thisArg, args)),
    bind<T>(active: Context, target: T): T {
      if (typeof target !== 'function') return target;
      const bound = (...args: unknown[]) => storage.run(active, () => target(...args));
      // as: the same function, called in another context.
      return bound as T;
    },
    enable: () => manager,
    disable: () => {
      storage.disable();
      return manager;
    },
  };
  return manager;
}

/** W3C trace context without the rest of the SDK's core. Source: https://www.w3.org/TR/trace-context/ */
const w3cPropagator: TextMapPropagator = {
  fields: () => ['traceparent'],
  inject(active, carrier, setter) {
    const span = trace.getSpanContext(active);
    if (span && isSpanContextValid(span)) setter.set(carrier, 'traceparent', formatTraceparent(span));
  },
  extract(active, carrier, getter) {
    const [header] = [getter.get(carrier, 'traceparent')].flat();
    const parent = parseTraceparent(header);
    return parent ? trace.setSpanContext(active, parent) : active;
  },
};
