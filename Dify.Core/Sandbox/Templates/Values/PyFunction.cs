using Dify.Core.Sandbox.Templates.Running;

namespace Dify.Core.Sandbox.Templates.Values;

/// <summary>Something that a template can call.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Call">Does the work.</param>
internal sealed record PyFunction(string Name, Func<Run, Arguments, object?> Call);
