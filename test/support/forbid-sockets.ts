import { Server, Socket } from "node:net";

/** Unit tests run without a network: whatever opens a socket fails with a message that says so. */
const forbid = (what: string) => (): never => {
  throw new Error(`a unit test tried to ${what}; use an integration or api test`);
};

Socket.prototype.connect = forbid("connect a socket");
Server.prototype.listen = forbid("listen on a socket");
