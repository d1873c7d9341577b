import socket, sys, threading, time, random
random.seed(int(sys.argv[1])); N=int(sys.argv[2])
def one(i):
  try:
    s=socket.create_connection(('10.96.0.10',80),timeout=20)
    f=s.makefile('rb')
    for r in range(random.randint(1,5)):
      n=random.choice([10,500,3000,40000,200000])
      s.sendall(b'GET /%d HTTP/1.1\r\nHost: svc\r\n\r\n'%n)
      f.readline(); l=int(f.readline().split()[1]); f.readline(); f.read(l)
      time.sleep(random.random()*0.05)
    s.close()
  except Exception as e: print(i,e)
ts=[]
for i in range(N):
  t=threading.Thread(target=one,args=(i,)); t.start(); ts.append(t); time.sleep(0.03)
for t in ts: t.join()
