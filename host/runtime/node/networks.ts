/**
 * Networks as people write them, `10.0.0.0/8` or `::1`, and whether an address is in one of them.
 * That they are well written has been seen to by config.ts.
 */
import net from "node:net";

export function networkList(networks: readonly string[]): (address: string) => boolean {
  const list = new net.BlockList();
  for (const network of networks) {
    const [address = "", bits] = network.split("/");
    const family = familyOf(address);
    const all = family === "ipv4" ? 32 : 128;
    list.addSubnet(address, bits === undefined ? all : Number(bits), family);
  }
  return (address) => {
    // A socket for both families shows IPv4 as a part of IPv6.
    const plain = address.replace(/^::ffff:(?=\d+\.)/i, "");
    return net.isIP(plain) !== 0 && list.check(plain, familyOf(plain));
  };
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return net.isIPv4(address) ? "ipv4" : "ipv6";
}
