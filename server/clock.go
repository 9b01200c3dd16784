package server

import "time"

// maxSpeed keeps a day of the server's time within the range of time.Duration.
const maxSpeed = 100_000

// leastWait is the shortest real time-out of a connection: a fast clock must not
// outrun a client on the same machine.
const leastWait = 20 * time.Millisecond

// fastClock is time as the server sees it. It may run faster than real time: two
// minutes without a byte are then over after two minutes divided by the speed.
type fastClock struct {
	now   func() time.Time
	speed float64
}

func newClock(o Options) fastClock {
	c := fastClock{now: o.Now, speed: o.Speed}
	if !(c.speed > 0) {
		c.speed = 1
	}
	c.speed = min(c.speed, maxSpeed)
	if c.now == nil && c.speed == 1 {
		c.now = time.Now
	} else if c.now == nil {
		begun := time.Now()
		c.now = func() time.Time { return begun.Add(c.since(begun)) }
	}
	return c
}

// Now is the server's time, for logs, answers and everything that ages.
func (c fastClock) Now() time.Time { return c.now() }

// real is how long the server's d takes outside.
func (c fastClock) real(d time.Duration) time.Duration {
	if c.speed == 1 {
		return d
	}
	return time.Duration(float64(d) / c.speed)
}

// since is how much of the server's time has passed from a real moment on.
func (c fastClock) since(begun time.Time) time.Duration {
	if c.speed == 1 {
		return time.Since(begun)
	}
	return time.Duration(float64(time.Since(begun)) * c.speed)
}

// after is the real moment at which the server's d is over, counted from begun: a
// deadline for a connection.
func (c fastClock) after(begun time.Time, d time.Duration) time.Time {
	if c.speed == 1 {
		return begun.Add(d)
	}
	return begun.Add(max(c.real(d), leastWait))
}

// AfterFunc calls f once the server's d is over.
func (c fastClock) AfterFunc(d time.Duration, f func()) *time.Timer {
	return time.AfterFunc(c.real(d), f)
}
