using Dify.Core.Sandbox.Templates.Values;

namespace Dify.Core.Sandbox.Templates.Library;

/// <summary><c>namespace()</c>: an object whose attributes can be set from inside loops.</summary>
internal sealed class Namespace
{
    public PyDict Values { get; } = new();
}
