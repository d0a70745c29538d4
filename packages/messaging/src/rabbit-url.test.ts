import { expect, test } from 'vitest';
import { parseRabbitUrl } from './rabbit-url.ts';

test('one host', () => {
  expect(parseRabbitUrl('amqp://us%40er:pa%2Fss@broker:5673/shop%2Fone?namespace=staging')).toEqual({
    options: { hosts: ['broker:5673'], username: 'us@er', password: 'pa/ss', vhost: 'shop/one', tls: false },
    namespace: 'staging',
  });
});

test('what is left out has RabbitMQ’s defaults', () => {
  expect(parseRabbitUrl('amqps://broker')).toEqual({
    options: { hosts: ['broker:5671'], username: 'guest', password: 'guest', vhost: '/', tls: true },
    namespace: 'tradepost',
  });
});

test.for(['amqp://u:p@a:1,b:2,c/v', 'amqp://u:p@a:1/v,amqp://u:p@b:2/v,amqp://c/v', 'amqp://a:1/v, u:p@b:2 ,c'])(
  'several hosts: %s',
  (url) => {
    const { options } = parseRabbitUrl(url);
    expect(options).toEqual({ hosts: ['a:1', 'b:2', 'c:5672'], username: 'u', password: 'p', vhost: 'v', tls: false });
  },
);

test.for([
  '',
  'broker:5672',
  'http://broker',
  'amqp://',
  'amqp://u:secret@a,amqps://b',
  'amqp://u:secret@a?namespace=x.y',
])('refused without repeating it: %s', (url) => {
  expect(() => parseRabbitUrl(url)).toThrow(/broker/);
  expect(() => parseRabbitUrl(url)).not.toThrow(/secret/);
});
