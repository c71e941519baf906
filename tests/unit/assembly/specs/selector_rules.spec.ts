import {
  BaseSelector,
  DefaultSelector,
  EVENT_READ,
  EVENT_WRITE,
  NO_TIMEOUT,
  PollOneoffSelector,
  ScanSelector,
  SelectorError,
  selectorErrorText,
  SelectorEvent,
  SelectorKey,
} from "../../../../assembly/selectors";
import { NEVER, toNanoseconds } from "../../../../assembly/selectors/base";
import { EVENT_ALL } from "../../../../assembly/selectors/events";
import {
  calls,
  drop,
  end,
  feed,
  openConnection,
  openDirectory,
  openListener,
} from "./support/host";
import { setHost, subscribed } from "./support/host";
import { Host, same, sameNumber, step } from "./support/steps";

class Owner {
  constructor(public name: string) {}
}

const ANN = new Owner("ann");
const BOB = new Owner("bob");

/** The rules hold for every selector: each case below asks all three. */
function each(check: (selector: BaseSelector<Owner>) => void): void {
  check(new PollOneoffSelector<Owner>(false));
  step();
  setHost(Host.EXACT);
  check(new PollOneoffSelector<Owner>(true));
  step();
  setHost(Host.CLOCKS_ONLY);
  check(new ScanSelector<Owner>());
}

function is(found: SelectorError, wanted: SelectorError, place: string = ""): void {
  assert(
    found == wanted,
    `${place} wanted ${selectorErrorText(wanted)}, found ${selectorErrorText(found)}`,
  );
}

export function events_are_python_s(): void {
  sameNumber(EVENT_READ, 0b01);
  sameNumber(EVENT_WRITE, 0b10);
  sameNumber(EVENT_ALL, 0b11);
}

export function every_error_has_a_text_of_its_own(): void {
  const texts = new Array<string>();
  for (let error = SelectorError.NONE; error <= SelectorError.HOST; error++) {
    const text = selectorErrorText(error);
    assert(text.length > 0 && !texts.includes(text), text);
    texts.push(text);
  }
  sameNumber(texts.length, 9);
}

export function a_registered_descriptor_has_a_key(): void {
  each((selector) => {
    const fd = openConnection();
    is(selector.register(fd, EVENT_READ, ANN), SelectorError.NONE);
    step();
    const key = selector.getKey(fd)!;
    sameNumber(key.fd, fd);
    sameNumber(key.events, EVENT_READ);
    same(key.data.name, "ann");
    assert(key.registered);
    same(key.toString(), `SelectorKey(fd=${fd}, events=1)`);
    sameNumber(selector.getMap().size, 1);
    assert(selector.getMap().get(fd) === key);
  });
}

export function a_mask_is_read_write_or_both(): void {
  each((selector) => {
    const fd = openConnection();
    is(selector.register(fd, 0, ANN), SelectorError.BAD_EVENTS);
    is(selector.register(fd, 4, ANN), SelectorError.BAD_EVENTS);
    is(selector.register(fd, 5, ANN), SelectorError.BAD_EVENTS);
    is(selector.register(fd, u32.MAX_VALUE, ANN), SelectorError.BAD_EVENTS);
    sameNumber(selector.getMap().size, 0);
    is(selector.register(fd, EVENT_READ | EVENT_WRITE, ANN), SelectorError.NONE);
    is(selector.modify(fd, 0, BOB), SelectorError.BAD_EVENTS);
    is(selector.modify(fd, 4, BOB), SelectorError.BAD_EVENTS);
    same(selector.getKey(fd)!.data.name, "ann", "after an error nothing has changed:");
    sameNumber(selector.getKey(fd)!.events, EVENT_READ | EVENT_WRITE);
  });
}

export function a_descriptor_is_registered_once(): void {
  each((selector) => {
    const fd = openConnection();
    is(selector.register(fd, EVENT_READ, ANN), SelectorError.NONE);
    is(selector.register(fd, EVENT_WRITE, BOB), SelectorError.ALREADY_REGISTERED);
    same(selector.getKey(fd)!.data.name, "ann");
    sameNumber(selector.getKey(fd)!.events, EVENT_READ);
  });
}

export function a_descriptor_that_is_not_open_is_refused(): void {
  each((selector) => {
    is(selector.register(99, EVENT_READ, ANN), SelectorError.BAD_FD);
    const fd = openConnection();
    drop(fd);
    is(selector.register(fd, EVENT_READ, ANN), SelectorError.BAD_FD);
    assert(selector.getKey(fd) === null);
  });
}

export function an_unknown_descriptor_cannot_be_changed_or_unregistered(): void {
  each((selector) => {
    const fd = openConnection();
    is(selector.modify(fd, EVENT_READ, ANN), SelectorError.NOT_REGISTERED);
    is(selector.unregister(fd), SelectorError.NOT_REGISTERED);
    assert(selector.getKey(fd) === null);
    selector.register(fd, EVENT_READ, ANN);
    is(selector.unregister(fd), SelectorError.NONE);
    is(selector.unregister(fd), SelectorError.NOT_REGISTERED);
    is(selector.modify(fd, EVENT_READ, ANN), SelectorError.NOT_REGISTERED);
  });
}

export function unregister_works_after_the_descriptor_was_closed(): void {
  each((selector) => {
    const fd = openConnection();
    selector.register(fd, EVENT_READ | EVENT_WRITE, ANN);
    drop(fd);
    is(selector.unregister(fd), SelectorError.NONE);
    sameNumber(selector.select(0).length, 0);
    is(selector.error, SelectorError.NONE);
  });
}

export function a_key_stays_the_same_object_when_it_is_modified(): void {
  each((selector) => {
    const fd = openConnection();
    selector.register(fd, EVENT_READ, ANN);
    const key = selector.getKey(fd)!;
    is(selector.modify(fd, EVENT_WRITE, BOB), SelectorError.NONE);
    assert(selector.getKey(fd) === key);
    sameNumber(key.events, EVENT_WRITE);
    same(key.data.name, "bob");
  });
}

export function modify_to_the_same_events_makes_no_call(): void {
  each((selector) => {
    const fd = openConnection();
    selector.register(fd, EVENT_READ, ANN);
    const before = calls("poll_oneoff") + calls("sock_recv") + calls("fd_fdstat_get");
    is(selector.modify(fd, EVENT_READ, BOB), SelectorError.NONE);
    sameNumber(calls("poll_oneoff") + calls("sock_recv") + calls("fd_fdstat_get"), before);
    same(selector.getKey(fd)!.data.name, "bob", "the data is changed:");
  });
}

export function a_key_that_is_unregistered_during_dispatch_can_be_told(): void {
  each((selector) => {
    const one = openConnection();
    const two = openConnection();
    selector.register(one, EVENT_READ, ANN);
    selector.register(two, EVENT_READ, BOB);
    feed(one, "hello");
    feed(two, "hello");
    const events = selector.select(0);
    sameNumber(events.length, 2);
    const other = events[0].key.fd == one ? two : one;
    selector.unregister(other);
    step();
    sameNumber(events.length, 2);
    assert(events[0].key.registered && !events[1].key.registered);
    // It may come back in the same walk, as a key of its own.
    is(selector.register(other, EVENT_READ, BOB), SelectorError.NONE);
    assert(!events[1].key.registered);
    sameNumber(selector.select(0).length, 2);
  });
}

export function all_keys_can_be_unregistered_during_dispatch(): void {
  each((selector) => {
    for (let i = 0; i < 50; i++) {
      const fd = openConnection();
      selector.register(fd, EVENT_READ, ANN);
      end(fd);
    }
    const events = selector.select(0);
    sameNumber(events.length, 50);
    for (let i = 0; i < events.length; i++) {
      is(selector.unregister(events[i].key.fd), SelectorError.NONE);
      step();
    }
    sameNumber(selector.select(0).length, 0);
  });
}

export function a_closed_selector_refuses_everything(): void {
  each((selector) => {
    const fd = openConnection();
    selector.register(fd, EVENT_READ, ANN);
    feed(fd, "x");
    const key = selector.select(0)[0].key;
    selector.close();
    step();
    selector.close();
    assert(selector.closed && !key.registered);
    is(selector.register(fd, EVENT_READ, ANN), SelectorError.CLOSED);
    is(selector.register(fd, 0, ANN), SelectorError.CLOSED);
    is(selector.modify(fd, EVENT_READ, ANN), SelectorError.CLOSED);
    is(selector.unregister(fd), SelectorError.CLOSED);
    sameNumber(selector.select().length, 0);
    is(selector.error, SelectorError.CLOSED);
    assert(selector.getKey(fd) === null);
    sameNumber(selector.getMap().size, 0);
  });
}

export function to_wait_for_ever_for_nothing_is_an_error(): void {
  each((selector) => {
    sameNumber(selector.select().length, 0);
    is(selector.error, SelectorError.NOTHING_TO_WAIT_FOR);
    sameNumber(selector.select(0).length, 0);
    is(selector.error, SelectorError.NONE);
    const fd = openConnection();
    selector.register(fd, EVENT_READ, ANN);
    selector.unregister(fd);
    selector.select(NO_TIMEOUT);
    is(selector.error, SelectorError.NOTHING_TO_WAIT_FOR);
  });
}

export function a_directory_is_either_watched_or_refused_never_a_crash(): void {
  each((selector) => {
    const fd = openDirectory();
    const error = selector.register(fd, EVENT_READ, ANN);
    assert(error == SelectorError.NONE || error == SelectorError.UNPOLLABLE);
    sameNumber(selector.getMap().size, error == SelectorError.NONE ? 1 : 0);
  });
}

export function readiness_is_level_triggered(): void {
  each((selector) => {
    const fd = openConnection();
    selector.register(fd, EVENT_READ, ANN);
    feed(fd, "x");
    for (let i = 0; i < 5; i++) {
      step();
      const events = selector.select(0);
      sameNumber(events.length, 1);
      sameNumber(events[0].mask, EVENT_READ);
    }
  });
}

export function there_is_one_event_for_each_descriptor_with_both_bits(): void {
  each((selector) => {
    const fd = openConnection();
    selector.register(fd, EVENT_READ | EVENT_WRITE, ANN);
    feed(fd, "hello");
    let mask: u32 = 0;
    for (let i = 0; i < 8; i++) {
      const events = selector.select(0);
      sameNumber(events.length, 1);
      mask |= events[0].mask;
    }
    sameNumber(mask, EVENT_READ | EVENT_WRITE);
  });
}

export function a_mask_holds_only_what_was_asked_for(): void {
  each((selector) => {
    const fd = openConnection();
    feed(fd, "hello");
    selector.register(fd, EVENT_WRITE, ANN);
    let events: Array<SelectorEvent<Owner>> = selector.select(1);
    sameNumber(events.length, 1);
    sameNumber(events[0].mask, EVENT_WRITE);
    selector.modify(fd, EVENT_READ, ANN);
    events = selector.select(1);
    sameNumber(events[0].mask, EVENT_READ);
  });
}

export function the_end_of_a_stream_is_readable(): void {
  each((selector) => {
    const fd = openConnection();
    selector.register(fd, EVENT_READ, ANN);
    sameNumber(selector.select(0).length, 0);
    end(fd);
    sameNumber(selector.select(0).length, 1);
  });
}

export function more_than_1024_descriptors_are_watched(): void {
  each((selector) => {
    let last: u32 = 0;
    for (let i = 0; i < 1500; i++) {
      last = openConnection();
      is(selector.register(last, EVENT_READ, ANN), SelectorError.NONE);
    }
    feed(last, "hello");
    feed(last - 1499, "hello");
    const events = selector.select(0);
    sameNumber(events.length, 2);
    sameNumber(min(events[0].key.fd, events[1].key.fd), last - 1499);
    sameNumber(max(events[0].key.fd, events[1].key.fd), last);
  });
}

export function a_timeout_becomes_nanoseconds_and_is_rounded_up(): void {
  assert(toNanoseconds(0) == 0 && toNanoseconds(-1) == 0 && toNanoseconds(-Infinity) == 0);
  assert(toNanoseconds(NaN) == 0);
  sameNumber(toNanoseconds(1), 1_000_000_000);
  sameNumber(toNanoseconds(1e-9), 1);
  sameNumber(toNanoseconds(1e-12), 1);
  sameNumber(toNanoseconds(1.5e-9), 2);
  assert(toNanoseconds(NO_TIMEOUT) == NEVER);
  assert(toNanoseconds(4.5e9) == 4_500_000_000_000_000_000);
  assert(toNanoseconds(4.6e9) == NEVER);
  assert(toNanoseconds(1e300) == NEVER);
}

export function the_default_is_believed_on_an_exact_host(): void {
  setHost(Host.EXACT);
  openListener();
  same(DefaultSelector<Owner>().name, "poll_oneoff (exact host)");
  same(new PollOneoffSelector<Owner>().name, "poll_oneoff (exact host)");
}

export function the_default_verifies_on_a_host_that_over_reports(): void {
  openListener();
  same(DefaultSelector<Owner>().name, "poll_oneoff (verified)");
  same(new PollOneoffSelector<Owner>().name, "poll_oneoff (verified)");
}

export function the_default_scans_where_poll_does_not_work(): void {
  setHost(Host.NO_POLL);
  openListener();
  same(DefaultSelector<Owner>().name, "scan (try and sleep)");
}

export function a_key_that_is_new_has_no_error(): void {
  const key = new SelectorKey<Owner>(5, EVENT_READ, ANN);
  const event = new SelectorEvent<Owner>(key);
  sameNumber(key.errno, 0);
  sameNumber(event.mask, 0);
  assert(event.key === key);
}

export function the_list_of_subscriptions_follows_every_change(): void {
  const selector = new PollOneoffSelector<Owner>(false);
  const fd = openConnection();
  selector.register(fd, EVENT_READ | EVENT_WRITE, ANN);
  selector.select(0);
  sameNumber(subscribed(), 3, "read, write and the clock:");
}
