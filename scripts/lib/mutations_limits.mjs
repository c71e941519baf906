/** Ways to break the bounds: on an address, on silence, on what is owed to all. */

/** @type {import("./mutations_net.mjs").Mutation[]} */
export const LIMIT_MUTATIONS = [
  {
    name: "an address has one connection more",
    within: 60,
    file: "net/intake.ts",
    from: "origin.connections >= most) return false",
    to: "origin.connections > most) return false",
  },
  {
    name: "who shares a /64 is somebody else",
    within: 60,
    file: "text/ip_range.ts",
    from: "isMapped(parsed) ? IPV6_BITS : SUBSCRIBER_BITS",
    to: "IPV6_BITS",
  },
  {
    name: "a connection that left still counts",
    within: 60,
    file: "net/pace.ts",
    from: "if (origin !== null) origin.leave();",
    to: "",
  },
  {
    name: "no turns among those of one address",
    within: 60,
    file: "net/origin.ts",
    from: "if (this.queue.length > 0 && this.serving !== pace) return false;",
    to: "",
  },
  {
    name: "all of one address share a flood",
    within: 100,
    file: "net/origin.ts",
    from: "return <u64>pace._lines * this.crowd >= this.lines;",
    to: "return true;",
  },
  {
    name: "a proxy's header is something said",
    within: 60,
    file: "net/intake.ts",
    from: "if (length > header) this.silence",
    to: "this.silence",
  },
  {
    name: "no warning before the end of silence",
    within: 60,
    file: "net/intake.ts",
    from: "if (this.silence.mustWarn(now, limits)) {",
    to: "if (limits.idleSeconds > 60 && this.silence.mustWarn(now, limits)) {",
  },
  {
    name: "a new line has the time of the old one",
    within: 100,
    file: "net/silence.ts",
    from: "(isNew || this.lineSince == NEVER)",
    to: "(this.lineSince == NEVER)",
  },
  {
    name: "who waits for its turn is silent",
    within: 100,
    file: "net/intake.ts",
    from: "takeTurn(): void {\n    this.silence.heard(this.set.loop.now);",
    to: "takeTurn(): void {",
  },
  {
    name: "a setting is followed by newcomers alone",
    within: 100,
    file: "net/pace.ts",
    from: "this.bucket.change(this.limits.rate, this.limits.burst);",
    to: "",
  },
  {
    name: "who is silent for too long by now stays",
    within: 150,
    file: "chat/operator.ts",
    from: "server.connections.sweep.by(server.loop.now);",
    to: "",
  },
  {
    name: "a drain sends one more away",
    within: 150,
    file: "chat/drain.ts",
    from: "people.length - left; i++",
    to: "people.length - left + 1 && i < people.length; i++",
  },
];
