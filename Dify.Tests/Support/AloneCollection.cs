using Xunit;

namespace Dify.Tests.Support;

/// <summary>
/// For tests that drive a browser or a process of its own: they run one after another, after all others, so that the
/// machine's load does not decide what they see.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "Alone";
}
