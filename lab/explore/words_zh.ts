/** The sentences in Chinese. */
import type { Said, Words } from "./words.js";

const by = ({ by }: Said) => (by === undefined ? "程序" : ` ${by} `);

export const ZH: Words = {
  client: (client) => `客户端 ${client + 1}`,
  console: "控制台",
  sleepsInPoll: (watched) =>
    `select() 调用了 poll_oneoff，监视 ${watched}。没有一个就绪，整个程序停在这一个调用里。第一阶段：等待数据。`,
  sleepsInCall: (said) =>
    `${by(said)}调用了 ${said.what}，它会阻塞：还没有数据，程序停在这个调用里，只等这一个描述符。第一阶段：等待数据。`,
  stops:
    "程序仍在空转：没有数据，也不等待，select() 立刻返回。运行在这里被停下；它自己会一直转下去。",
  happening: {
    connect: (who) => `${who} 发起连接。内核把连接放进监听套接字的队列，程序还不知道。`,
    write: (who, text) => `${who} 发送 ${text}，字节还在路上。`,
    end: (who) => `${who} 挂断。`,
    pause: (who) => `${who} 不再读取。`,
    resume: (who) => `${who} 恢复读取。`,
    console: (_, text) => `操作员在控制台输入 ${text}。`,
    arrived: (who) =>
      `${who} 发来的内容到了内核缓冲区：对这个描述符，第一阶段结束。还没有任何字节复制给程序。`,
    received: (who, text) => `${who} 收到 ${text}。`,
    ended: (who) => `${who} 看到连接已结束。`,
  },
  returns: ({ count, told, waited, toldCount, ready, times }) => {
    const after = waited === "" ? "没有等待" : `等了 ${waited}`;
    const lies = ready !== undefined && toldCount > ready;
    const over = lies ? `这个宿主报告了 ${toldCount} 个事件，其中 ${ready} 个属实。` : "";
    const again = times > 1 ? `连续 ${times} 次，每次都一样。` : "";
    return told === ""
      ? `poll_oneoff 返回，${after}：${count} 个描述符中没有一个就绪。${again}`
      : `poll_oneoff 返回，${after}：${count} 个描述符中，它报告 ${told}。${over}${again}`;
  },
  again: (times) => `又调用了 ${times} 次，每次返回相同：其间程序什么也没做。`,
  asksInVain: (said) =>
    said.times > 1
      ? `${by(said)}挨个询问每个描述符，共 ${said.times} 次调用，每次都得到 AGAIN：没有数据。没有一次调用在等待。`
      : `${by(said)}调用 ${said.what}，立刻返回 AGAIN：没有数据。`,
  accepts: (said) => `${by(said)}接受连接：从现在起它是描述符 ${said.moved}。`,
  reads: (said) =>
    `${by(said)}调用 ${said.what}：${said.moved} 字节从内核复制到程序的内存，地址 ${said.address}。第二阶段：复制。`,
  readsEnd: (said) => `${by(said)}从 ${said.fd} 读到 0 字节：客户端已挂断。`,
  readsConsole: (said) => `${by(said)}从控制台（描述符 ${said.fd}）读到 ${said.text}。`,
  sends: (said) => `${by(said)}调用 ${said.what}：${said.moved} 字节交给内核，${said.text}。`,
  closes: (said) => `${by(said)}关闭描述符 ${said.fd}。`,
  logs: (said) => `${by(said)}写日志 ${said.text}。`,
  verifies: (said, isReady) =>
    `选择器不轻信宿主：它询问 ${said.what}，得知${isReady ? "确实就绪" : "并未就绪"}。`,
  calls: (said) => `${by(said)}调用 ${said.what}。`,
  fails: (said) => `${by(said)}调用 ${said.what}，失败：${said.failure}。`,
};
