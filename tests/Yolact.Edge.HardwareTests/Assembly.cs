using Xunit.Sdk;
using Xunit.v3;
using Yolact.Edge.HardwareTests.Benches;

// There is one bench, and a scenario has it to itself.
[assembly: Parallelization(Mode = ParallelMode.None)]
[assembly: AssemblyFixture(typeof(BenchFixture))]
