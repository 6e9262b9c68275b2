import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface Listener {
  url: string;
  close: () => Promise<void>;
}

const host = "127.0.0.1";

/**
 * Serves on the loopback interface only; port 0 takes any free one.
 *
 * @throws the system's error, such as EADDRINUSE
 */
export async function listen(server: Server, port = 0): Promise<Listener> {
  server.listen(port, host);
  await once(server, "listening");
  const address = server.address() as AddressInfo;
  return {
    url: `http://${host}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
