/** Reports as mail servers write them: made for these tests, in the form of the servers named. */

type About = { messageId: string; recipient: string };

const original = ({ messageId, recipient }: About) => `Received: from seller.example (seller.example [192.0.2.10])
\tby mx.mail.example (Postfix) with ESMTPS id 4XyZ1b2c3d
\tfor <${recipient}>; Mon, 23 Nov 2026 10:15:02 +0000 (UTC)
From: Test shop <orders@seller.example>
To: Ada Lovelace <${recipient}>
Subject: Your order T-100234 is confirmed - Test shop
Message-ID: ${messageId}
Auto-Submitted: auto-generated
Date: Mon, 23 Nov 2026 10:15:00 +0000
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="--_NmP-1"
`;

/** Postfix: the whole mail is quoted, and long fields are folded. */
export const postfix = (
  about: About,
  { action = 'failed', status = '5.1.1', to = 'orders@seller.example' } = {},
): string => `Return-Path: <>
Delivered-To: ${to}
Received: by mx.mail.example (Postfix)
\tid 4XyZ1b9d2e; Mon, 23 Nov 2026 10:15:04 +0000 (UTC)
Date: Mon, 23 Nov 2026 10:15:04 +0000 (UTC)
From: MAILER-DAEMON@mx.mail.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: ${to}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4XyZ1b2c3d.1763892904/mx.mail.example"
Content-Transfer-Encoding: 8bit
Message-Id: <20261123101504.4XyZ1b9d2e@mx.mail.example>

This is a MIME-encapsulated message.

--4XyZ1b2c3d.1763892904/mx.mail.example
Content-Description: Notification
Content-Type: text/plain; charset=utf-8

This is the mail system at host mx.mail.example.

<${about.recipient}>: host mail.example.com[198.51.100.7] said: 550 5.1.1
    <${about.recipient}>: Recipient address rejected: User unknown (in reply to
    RCPT TO command)

--4XyZ1b2c3d.1763892904/mx.mail.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.mail.example
X-Postfix-Queue-ID: 4XyZ1b2c3d
X-Postfix-Sender: rfc822; orders@seller.example
Arrival-Date: Mon, 23 Nov 2026 10:15:02 +0000 (UTC)

Final-Recipient: rfc822; ${about.recipient}
Original-Recipient: rfc822;${about.recipient}
Action: ${action}
Status: ${status}
Remote-MTA: dns; mail.example.com
Diagnostic-Code: smtp; 550 ${status} <${about.recipient}>: Recipient address
    rejected: User unknown

--4XyZ1b2c3d.1763892904/mx.mail.example
Content-Description: Undelivered Message
Content-Type: message/rfc822
Content-Transfer-Encoding: 8bit

${original(about)}
----_NmP-1
Content-Type: text/plain; charset=utf-8

Message-ID: <a-text-that-looks-like-a-header@seller.example>
----_NmP-1--

--4XyZ1b2c3d.1763892904/mx.mail.example--
`;

/** Exim: no exact status, only the headers of the mail, and no Delivered-To. */
export const exim = (about: About, answer = '550 No such user here'): string => `Return-path: <>
Received: from Debian-exim by mx.mail.example with local (Exim 4.98)
\tid 1tEoGk-0000000AbCd-0Xyz
\tfor orders@seller.example; Mon, 23 Nov 2026 10:15:04 +0000
X-Failed-Recipients: ${about.recipient}
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@mx.mail.example>
To: orders@seller.example
References: ${about.messageId}
Content-Type: multipart/report; report-type=delivery-status; boundary=1763892904-eximdsn-804289383
MIME-Version: 1.0
Subject: Mail delivery failed: returning message to sender
Message-Id: <E1tEoGk-0000000AbCd-0Xyz@mx.mail.example>
Date: Mon, 23 Nov 2026 10:15:04 +0000

--1763892904-eximdsn-804289383
Content-type: text/plain; charset=us-ascii

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  ${about.recipient}
    host mail.example.com [198.51.100.7]
    SMTP error from remote mail server after RCPT TO:<${about.recipient}>:
    ${answer}

--1763892904-eximdsn-804289383
Content-type: message/delivery-status

Reporting-MTA: dns; mx.mail.example

Action: failed
Final-Recipient: rfc822;${about.recipient}
Status: 5.0.0
Remote-MTA: dns; mail.example.com
Diagnostic-Code: smtp; ${answer}

--1763892904-eximdsn-804289383
Content-type: text/rfc822-headers

${original(about)}
--1763892904-eximdsn-804289383--
`;

/** A complaint of a mail provider (RFC 5965), which has taken the address out. */
export const complaint = (about: About, feedbackType = 'abuse'): string => `From: <feedback@provider.example>
To: <complaints@seller.example>
Date: Tue, 24 Nov 2026 08:00:00 +0000
Subject: FW: Your order T-100234 is confirmed - Test shop
Message-ID: <1763971200.feedback@provider.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report;
     boundary="part1_13d.2e68ed54_boundary"

--part1_13d.2e68ed54_boundary
Content-Type: text/plain; charset="US-ASCII"
Content-Transfer-Encoding: 7bit

This is an email abuse report for an email message received from
192.0.2.10 on Mon, 23 Nov 2026 10:15:02 +0000.

--part1_13d.2e68ed54_boundary
Content-Type: message/feedback-report

Feedback-Type: ${feedbackType}
User-Agent: Provider-Feedback/2.0
Version: 1
Original-Mail-From: <orders@seller.example>
Source-IP: 192.0.2.10

--part1_13d.2e68ed54_boundary
Content-Type: message/rfc822
Content-Disposition: inline

${original({ ...about, recipient: 'redacted@provider.example' })}
Hello redacted

--part1_13d.2e68ed54_boundary--
`;
