/**
 * The names of clients whose addresses are known and not shown. The guest makes them with a secret
 * key, so the model takes them from its reports, and checks what must hold for each.
 */
import { OracleFailure } from "../failure.js";
import { faultOf } from "./names.js";
import type { ServerModel } from "./server.js";
import type { Session } from "./session.js";

const FORM = /^guest-[0-9a-f]{4,16}$/;

/** Names a client by its address, or by a guest name if addresses are not shown. */
export function nameByAddress(server: ServerModel, session: Session): void {
  const { showAddresses, style } = server.settings;
  const isTaken = (name: string) => server.find(name) !== undefined;
  const address = session.remote;
  if (!showAddresses && style !== "tutorial") {
    session.setName(server.guestNames.take(address, isTaken));
  } else if (!isTaken(address)) session.setName(address);
}

export class GuestNames {
  readonly #reported: { address: string; name: string }[] = [];
  /** The first name that each host has had. The host gets it again if it is free. */
  readonly #firstNames = new Map<string, string>();

  /** Records the name that the guest has given to a client from an address. */
  report(address: string, name: string): void {
    this.#reported.push({ address, name });
  }

  /**
   * Returns the name that the guest gave to the next client.
   *
   * @param isTaken tells if a user has this name
   * @throws {OracleFailure} if the name is not such a name
   */
  take(address: string, isTaken: (name: string) => boolean): string {
    const { address: named, name } = this.#reported.shift() ?? { address: "", name: "" };
    const failure = (what: string) => new OracleFailure("name", `${address} is ${name}: ${what}`);
    if (named !== address) throw failure(`the name is of ${named}`);
    if (!FORM.test(name)) throw failure("that is no name of a guest");
    if (faultOf(name) === undefined) throw failure("others can choose that name");
    if (isTaken(name)) throw failure("the name is taken");
    const host = address.replace(/:\d+$/, "").replace(/^\[(?:::ffff:(?=\d+\.))?(.*)\]$/, "$1");
    const first = this.#firstNames.get(host);
    if (first === undefined) this.#firstNames.set(host, name);
    else if (first !== name && !isTaken(first)) throw failure(`it was ${first}, which is free`);
    return name;
  }
}
