using System.Text.RegularExpressions;
using Dify.Tests.Support;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Dify.Tests.Deployment;

/// <summary>What can be said of the container files without a container engine.</summary>
public sealed partial class ComposeTests
{
    private static readonly YamlMappingNode Compose = Load();

    private static YamlMappingNode Services => (YamlMappingNode)Compose["services"];

    [Theory]
    [InlineData("web")]
    [InlineData("worker")]
    [InlineData("api")]
    [InlineData("db")]
    [InlineData("redis")]
    [InlineData("qdrant")]
    [InlineData("nginx")]
    [InlineData("ssrf_proxy")]
    [InlineData("sandbox")]
    public void A_service_that_users_of_Dify_know_is_there(string name) =>
        Assert.Contains(Services.Children.Keys, k => ((YamlScalarNode)k).Value == name);

    [Fact]
    public void Every_image_is_pinned_to_a_version()
    {
        foreach (var (name, service) in Services.Children)
        {
            var image = ((YamlScalarNode)Merged((YamlMappingNode)service)["image"]).Value!;
            Assert.True(PinnedImage().IsMatch(image), $"{name}: {image}");
        }

        var bases = File.ReadLines(Path.Combine(SharedFolder.RepositoryRoot, "Dockerfile")).Where(l => l.StartsWith("FROM ", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(bases);
        Assert.All(bases, line => Assert.Matches(PinnedImage(), line.Split(' ')[1]));
    }

    [Fact]
    public void The_host_debugging_service_waits_in_its_profile_and_publishes_5001()
    {
        var api = Merged((YamlMappingNode)Services["api"]);
        Assert.Equal(["debug"], Strings(api["profiles"]));
        Assert.Equal(["5001:5001"], Strings(api["ports"]));
        Assert.Equal("web", ((YamlScalarNode)((YamlMappingNode)api["environment"])["MODE"]).Value);
    }

    [Fact]
    public void Every_mounted_file_and_every_dependency_exists()
    {
        foreach (var (name, node) in Services.Children)
        {
            var service = Merged((YamlMappingNode)node);
            if (service.TryGetValue("volumes", out var volumes))
            {
                foreach (var source in Strings(volumes).Select(v => v.Split(':')[0]).Where(s => s.StartsWith("./", StringComparison.Ordinal)))
                {
                    Assert.True(File.Exists(Path.Combine(SharedFolder.RepositoryRoot, source)), $"{name} mounts {source}");
                }
            }

            if (service.TryGetValue("depends_on", out var needed))
            {
                Assert.All(((YamlMappingNode)needed).Children.Keys, k => Assert.Contains(k, Services.Children.Keys));
            }
        }
    }

    [Fact]
    public void The_sandbox_is_the_same_program_apart_from_stores_secrets_and_the_outside()
    {
        var sandbox = Merged((YamlMappingNode)Services["sandbox"]);
        var environment = (YamlMappingNode)sandbox["environment"];
        Assert.Equal("sandbox", ((YamlScalarNode)environment["MODE"]).Value);
        Assert.Equal(((YamlScalarNode)Merged((YamlMappingNode)Services["web"])["image"]).Value, ((YamlScalarNode)sandbox["image"]).Value);
        Assert.DoesNotContain(environment.Children.Keys, key => ((YamlScalarNode)key).Value is "SECRET_KEY" or "DB_PASSWORD" or "REDIS_PASSWORD");
        Assert.DoesNotContain("volumes", sandbox.Keys);
        Assert.DoesNotContain("ports", sandbox.Keys);
        Assert.Equal(["sandbox_network"], Strings(sandbox["networks"]));
        Assert.Equal("true", ((YamlScalarNode)((YamlMappingNode)((YamlMappingNode)Compose["networks"])["sandbox_network"])["internal"]).Value);
        Assert.Equal(["ALL"], Strings(sandbox["cap_drop"]));
    }

    [Fact]
    public void The_image_has_what_the_sandbox_needs() =>
        Assert.Contains("bubblewrap python3", File.ReadAllText(Path.Combine(SharedFolder.RepositoryRoot, "Dockerfile")), StringComparison.Ordinal);

    [Fact]
    public void The_image_runs_as_an_ordinary_user_through_the_entry_point()
    {
        var lines = File.ReadAllLines(Path.Combine(SharedFolder.RepositoryRoot, "Dockerfile"));
        Assert.Contains("USER $APP_UID", lines);
        Assert.Contains("ENTRYPOINT [\"/bin/bash\", \"/entrypoint.sh\"]", lines);
    }

    [Fact]
    public void The_proxy_lets_pages_and_streams_through()
    {
        var proxy = File.ReadAllText(Path.Combine(SharedFolder.RepositoryRoot, "deploy", "nginx", "proxy.conf"));
        Assert.Contains("proxy_set_header Upgrade $http_upgrade;", proxy, StringComparison.Ordinal);
        Assert.Contains("proxy_buffering off;", proxy, StringComparison.Ordinal);
    }

    private static Dictionary<string, YamlNode> Merged(YamlMappingNode service)
    {
        var result = new Dictionary<string, YamlNode>();
        foreach (var (key, value) in service.Children)
        {
            if (((YamlScalarNode)key).Value == "<<")
            {
                foreach (var (k, v) in (YamlMappingNode)value)
                {
                    result[((YamlScalarNode)k).Value!] = v;
                }
            }
        }

        foreach (var (key, value) in service.Children)
        {
            result[((YamlScalarNode)key).Value!] = value;
        }

        return result;
    }

    private static List<string> Strings(YamlNode node) => [.. ((YamlSequenceNode)node).Select(n => ((YamlScalarNode)n).Value!)];

    private static YamlMappingNode Load()
    {
        using var reader = File.OpenText(Path.Combine(SharedFolder.RepositoryRoot, "compose.yaml"));
        var yaml = new YamlStream();
        yaml.Load(reader);
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    [GeneratedRegex(@"^[\w./-]+:v?\d+\.\d+[\w.-]*$|^build$")]
    private static partial Regex PinnedImage();
}
