import { createServer, connect as dial, type Server, type Socket } from 'node:net';

/** A line to the shop that can be cut: whoever talks is hung up on. */
export async function openCuttableLine(to: number): Promise<{ port: number; cut(): void; close(): Promise<void> }> {
  const open = new Set<Socket>();
  const server: Server = createServer((socket) => {
    const shop = dial(to, '127.0.0.1');
    for (const end of [socket, shop]) {
      open.add(end);
      end.on('error', () => undefined);
      end.once('close', () => {
        open.delete(end);
        socket.destroy();
        shop.destroy();
      });
    }
    socket.pipe(shop).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const cut = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    cut,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
}
