import { expect, test } from 'vitest';
import { type AckChannel, collectAcks } from './rabbit-acks.ts';

function record() {
  const sent: string[] = [];
  const channel: AckChannel = {
    active: true,
    basicAck: ({ deliveryTag, multiple }) => void sent.push(`${multiple ? 'ack up to' : 'ack'} ${deliveryTag}`),
    basicNack: ({ deliveryTag }) => void sent.push(`requeue ${deliveryTag}`),
  };
  return { sent, channel };
}

const turn = () => new Promise(setImmediate);

test('a whole batch is acknowledged at once', async () => {
  const { sent, channel } = record();
  const acks = collectAcks(channel);
  for (const tag of [1, 2, 3]) acks.open(tag);
  for (const tag of [3, 1, 2]) acks.ack(tag);
  await turn();
  expect(sent).toEqual(['ack up to 3']);
});

test('nothing is acknowledged that lies behind an open delivery, but what was acknowledged itself', async () => {
  const { sent, channel } = record();
  const acks = collectAcks(channel);
  for (const tag of [1, 2, 3, 4]) acks.open(tag);
  for (const tag of [1, 3, 4]) acks.ack(tag);
  await turn();
  expect(sent.sort()).toEqual(['ack 3', 'ack 4', 'ack up to 1']);
  acks.ack(2);
  await turn();
  expect(sent.at(-1)).toBe('ack up to 2');
});

test('a delivery is settled once, and not at all on a channel that is closed', async () => {
  const { sent, channel } = record();
  const acks = collectAcks(channel);
  for (const tag of [1, 2]) acks.open(tag);
  acks.requeue(1);
  acks.requeue(1);
  acks.ack(1);
  acks.ack(2);
  acks.requeue(2);
  await turn();
  expect(sent).toEqual(['requeue 1', 'ack up to 2']);
  acks.open(3);
  acks.ack(3);
  channel.active = false;
  await turn();
  expect(sent).toHaveLength(2);
});
