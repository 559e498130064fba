using System.Reflection;
using Dify.Core;
using NetArchTest.Rules;
using Xunit;

namespace Dify.Tests.Architecture;

/// <summary>Which feature may use which: the table of the architecture, as data.</summary>
public sealed class FeatureDependencyTests
{
    private static readonly Assembly Core = typeof(DifyServiceCollectionExtensions).Assembly;

    private static readonly string[] WorkflowsMayUse =
        ["Agents", "Knowledge", "Tools", "Models", "Files", "Jobs", "Workspaces", "Sandbox", "Egress", "Realtime"];

    private static readonly string[] AppsMayUse = [.. WorkflowsMayUse, "Workflows", "Accounts"];

    /// <summary>Besides Common and Storage.</summary>
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Common"] = [],
        ["Storage"] = [],
        ["Files"] = [],
        ["Jobs"] = [],
        ["Egress"] = [],
        ["Realtime"] = [],
        ["Accounts"] = [],
        ["Workspaces"] = ["Accounts"],
        ["Models"] = ["Workspaces", "Files", "Egress"],
        ["Sandbox"] = ["Egress"],
        ["Tools"] = ["Workspaces", "Files", "Models", "Egress", "Sandbox"],
        ["Knowledge"] = ["Tools", "Models", "Files", "Jobs", "Workspaces", "Egress"],
        ["Agents"] = ["Tools", "Models", "Files"],
        ["Workflows"] = WorkflowsMayUse,
        ["Apps"] = AppsMayUse,
        ["Chat"] = [.. AppsMayUse, "Apps"],
        ["Monitoring"] = ["Chat", "Apps", "Workflows", "Workspaces"],
    };

    public static TheoryData<string> Features { get; } = [.. FeaturesInCode()];

    [Theory]
    [MemberData(nameof(Features))]
    public void A_feature_uses_only_what_the_table_allows(string feature)
    {
        Assert.True(MayUse.ContainsKey(feature), $"Dify.Core/{feature} is not in the table of feature dependencies.");
        var offenders = UsersOf(feature, ForbiddenTo(feature));
        Assert.True(offenders.Count == 0, $"{feature} uses what it may not:\n{string.Join('\n', offenders)}");
    }

    [Fact]
    public void The_rule_can_fail_which_shows_that_it_looks()
    {
        // Chat does use Apps; a table that forbade it would be broken, and the check has to see that.
        Assert.NotEmpty(UsersOf("Chat", ["Dify.Core.Apps"]));
    }

    [Theory]
    [InlineData("Engine")]
    [InlineData("Variables")]
    [InlineData("Definitions")]
    public void The_engine_knows_no_feature_and_no_database(string folder)
    {
        string[] forbidden =
        [
            .. MayUse.Keys.Where(f => f is not ("Common" or "Workflows")).Select(f => $"Dify.Core.{f}"),
            "Dify.Core.Workflows.Nodes", "Dify.Core.Workflows.Runs", "Microsoft.EntityFrameworkCore", "Microsoft.Extensions.AI",
        ];
        var offenders = UsersOf($"Workflows.{folder}", forbidden);
        Assert.True(offenders.Count == 0, string.Join('\n', offenders));
    }

    [Theory]
    [InlineData("Workflows.Nodes")]
    [InlineData("Models.Providers")]
    public void Siblings_in_a_folder_of_plug_ins_do_not_know_each_other(string parent)
    {
        var root = $"Dify.Core.{parent}.";
        var children = Core.GetTypes().Select(t => t.Namespace ?? "").Where(n => n.StartsWith(root, StringComparison.Ordinal))
            .Select(n => n[root.Length..].Split('.')[0]).Distinct().ToList();
        Assert.True(children.Count > 1, $"Nothing was found below {root}");
        foreach (var child in children)
        {
            var others = children.Where(c => c != child).Select(c => root + c).ToArray();
            var offenders = UsersOf($"{parent}.{child}", others);
            Assert.True(offenders.Count == 0, string.Join('\n', offenders));
        }
    }

    [Fact]
    public void Core_knows_nothing_of_web_hosting()
    {
        var references = Core.GetReferencedAssemblies().Select(a => a.Name!)
            .Where(n => n.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal))
            .Except(["Microsoft.AspNetCore.Identity", "Microsoft.AspNetCore.Identity.EntityFrameworkCore", "Microsoft.AspNetCore.Cryptography.KeyDerivation"]);
        Assert.Empty(references);
    }

    [Fact]
    public void Components_call_services_and_touch_no_database_request_or_configuration()
    {
        var result = Types.InAssembly(typeof(Dify.Web.Program).Assembly)
            .That().ResideInNamespace("Dify.Web.Components")
            .ShouldNot().HaveDependencyOnAny(
                "Microsoft.EntityFrameworkCore", "Microsoft.AspNetCore.Http.HttpContext",
                "Microsoft.AspNetCore.Http.IHttpContextAccessor", "Microsoft.Extensions.Configuration")
            .GetResult();
        Assert.True(result.IsSuccessful, string.Join('\n', result.FailingTypeNames ?? []));
    }

    private static IEnumerable<string> FeaturesInCode() => Core.GetTypes()
        .Select(t => t.Namespace ?? "")
        .Where(n => n.StartsWith("Dify.Core.", StringComparison.Ordinal))
        .Select(n => n["Dify.Core.".Length..].Split('.')[0])
        .Distinct()
        .Order();

    private static string[] ForbiddenTo(string feature) => MayUse.Keys
        .Where(other => other != feature && other is not ("Common" or "Storage") && !MayUse[feature].Contains(other))
        .Select(other => $"Dify.Core.{other}")
        .ToArray();

    private static List<string> UsersOf(string feature, string[] forbidden)
    {
        var space = $"Dify.Core.{feature}";
        var result = Types.InAssembly(Core)
            .That().ResideInNamespaceMatching($"^{space.Replace(".", "\\.", StringComparison.Ordinal)}(\\.|$)")
            .ShouldNot().HaveDependencyOnAny(forbidden)
            .GetResult();
        return [.. result.FailingTypeNames ?? []];
    }
}
