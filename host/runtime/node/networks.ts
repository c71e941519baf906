/**
 * Tests whether an address is in a list of networks such as `10.0.0.0/8` or `::1`. config.ts has
 * validated the syntax.
 */
import net from "node:net";

/** Returns a function that is true for an address in one of the networks. */
export function networkList(networks: readonly string[]): (address: string) => boolean {
  const list = new net.BlockList();
  for (const network of networks) {
    const [address = "", bits] = network.split("/");
    const family = familyOf(address);
    const all = family === "ipv4" ? 32 : 128;
    list.addSubnet(address, bits === undefined ? all : Number(bits), family);
  }
  return (address) => {
    // A dual-stack socket shows an IPv4 address as `::ffff:1.2.3.4`.
    const plain = address.replace(/^::ffff:(?=\d+\.)/i, "");
    return net.isIP(plain) !== 0 && list.check(plain, familyOf(plain));
  };
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return net.isIPv4(address) ? "ipv4" : "ipv6";
}
