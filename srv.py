import socketserver, time, random, threading
class H(socketserver.BaseRequestHandler):
  def handle(self):
    f=self.request.makefile('rb')
    while True:
      l=f.readline()
      if not l: return
      while True:
        h=f.readline()
        if h in (b'\r\n',b''): break
      n=int(l.split()[1][1:] or 10)
      self.request.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n'%n + b'x'*n)
class S(socketserver.ThreadingTCPServer): allow_reuse_address=True; daemon_threads=True
S(('0.0.0.0',8080),H).serve_forever()
