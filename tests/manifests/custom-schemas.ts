import { Ajv } from 'ajv';
import type { KubeObject } from './objects.ts';

/** An object with these fields and no other. */
const fields = (properties: Record<string, object>, required: string[] = []) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const text = { type: 'string' };
const texts = { type: 'object', additionalProperties: text };
const list = (items: object) => ({ type: 'array', items });
const secretKey = fields({ name: text, key: text }, ['name', 'key']);
const resources = fields({ requests: texts, limits: texts });
const compression = { enum: ['bzip2', 'gzip', 'lz4', 'snappy', 'xz', 'zstd'] };
const atLeastOne = { type: 'integer', minimum: 1 };

/**
 * Schemas of kinds for which there is no package: what we use of them, by the CustomResourceDefinitions of their projects. A field that is not here is
 * refused, so add it from the definition.
 */
const specs: Record<string, object> = {
  // https://github.com/cloudnative-pg/plugin-barman-cloud/blob/v0.9.0/config/crd/bases/barmancloud.cnpg.io_objectstores.yaml
  'barmancloud.cnpg.io/v1/ObjectStore': fields(
    {
      retentionPolicy: { type: 'string', pattern: '^[1-9][0-9]*[dwm]$' },
      configuration: fields(
        {
          destinationPath: { type: 'string', minLength: 1 },
          endpointURL: text,
          endpointCA: secretKey,
          s3Credentials: fields({ accessKeyId: secretKey, secretAccessKey: secretKey, region: secretKey }),
          wal: fields({ compression, maxParallel: atLeastOne }),
          data: fields({ compression, immediateCheckpoint: { type: 'boolean' }, jobs: atLeastOne }),
        },
        ['destinationPath'],
      ),
      instanceSidecarConfiguration: fields({
        resources,
        retentionPolicyIntervalSeconds: atLeastOne,
        env: list(fields({ name: text, value: text }, ['name'])),
      }),
    },
    ['configuration'],
  ),
  // https://github.com/sigstore/policy-controller/blob/main/config/300-clusterimagepolicy.yaml
  'policy.sigstore.dev/v1beta1/ClusterImagePolicy': fields(
    {
      mode: { enum: ['enforce', 'warn'] },
      images: list(fields({ glob: text }, ['glob'])),
      authorities: list(
        fields({
          name: text,
          keyless: fields({
            url: text,
            identities: list(fields({ issuer: text, issuerRegExp: text, subject: text, subjectRegExp: text })),
          }),
          ctlog: fields({ url: text }),
          static: fields({ action: { enum: ['pass', 'fail'] }, message: text }, ['action']),
        }),
      ),
    },
    ['images', 'authorities'],
  ),
  // https://cert-manager.io/docs/reference/api-docs/
  'cert-manager.io/v1/Issuer': {
    oneOf: [fields({ selfSigned: fields({}) }, ['selfSigned']), fields({ ca: fields({ secretName: text }) }, ['ca'])],
  },
  'cert-manager.io/v1/Certificate': fields(
    {
      isCA: { type: 'boolean' },
      commonName: { type: 'string', maxLength: 64 },
      secretName: text,
      secretTemplate: fields({ labels: texts, annotations: texts }),
      duration: { type: 'string', pattern: '^\\d+h$' },
      renewBefore: { type: 'string', pattern: '^\\d+h$' },
      privateKey: fields({
        algorithm: { enum: ['RSA', 'ECDSA', 'Ed25519'] },
        size: atLeastOne,
        rotationPolicy: { enum: ['Never', 'Always'] },
      }),
      usages: list({ enum: ['server auth', 'client auth', 'digital signature', 'key encipherment', 'cert sign'] }),
      dnsNames: list(text),
      issuerRef: fields({ name: text, kind: { enum: ['Issuer', 'ClusterIssuer'] }, group: text }, ['name']),
    },
    ['secretName', 'issuerRef'],
  ),
};

const ajv = new Ajv({ allErrors: true });
const validators = new Map(Object.entries(specs).map(([id, spec]) => [id, ajv.compile(spec)]));
const idOf = ({ apiVersion, kind }: KubeObject) => `${apiVersion}/${kind}`;

export const hasCustomSchema = (object: KubeObject): boolean => validators.has(idOf(object));

/** What is wrong with the spec of such an object, by its schema. */
export function customViolations(object: KubeObject): string[] {
  const validate = validators.get(idOf(object));
  return validate && !validate(object.spec) ? [ajv.errorsText(validate.errors, { dataVar: 'spec' })] : [];
}
